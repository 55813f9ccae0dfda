"""What other parts may use of agents."""

from __future__ import annotations

from troth.channels.agents.calling_back import call_back
from troth.channels.agents.envelopes import forget_past

__all__ = ["call_back", "forget_past"]
