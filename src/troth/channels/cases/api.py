"""What other parts may use of cases' pages and mails."""

from __future__ import annotations

from django.urls import reverse

from troth.channels.cases.telling import follow_up
from troth.core.cases.forgetting import forget_past

__all__ = ["follow_up", "forget_past", "report_path"]


def report_path(about: str) -> str:
    """The page on which a member of the staff reports something (`moderating.register_target`)."""
    return reverse("casework:report", args=[about])
