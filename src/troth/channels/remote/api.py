"""What other parts may use of remote help."""

from __future__ import annotations

from troth.channels.remote.clauses import PLACE, find
from troth.channels.remote.ending import end_overdue, forget_unused

__all__ = ["PLACE", "end_overdue", "find", "forget_unused"]
