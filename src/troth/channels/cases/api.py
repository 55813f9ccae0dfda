"""What other parts may use of cases' pages and mails."""

from __future__ import annotations

from troth.channels.cases.telling import follow_up

__all__ = ["follow_up"]
