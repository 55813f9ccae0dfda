"""What other parts may use of cases' pages and mails."""

from __future__ import annotations

from django.urls import reverse

from troth.channels.cases.telling import follow_up
from troth.channels.cases.wording import ground as ground_in_words
from troth.core.cases import moderating
from troth.core.cases.api import Case
from troth.core.cases.forgetting import forget_past

__all__ = ["follow_up", "forget_past", "ground_in_words", "open_reports", "report_path"]


def open_reports(about: str) -> list[tuple[str, str]]:
    """Reports nobody has decided, about what begins so, the oldest first: the page of the case, and
    the place of what it is about.
    """
    found = Case.objects.filter(kind=Case.Kind.MODERATION, about__startswith=about)
    return [
        (reverse("casework:case", args=[case.ref]), moderating.place(case))
        for case in found.exclude(state__in=Case.ENDED).order_by("opened_at")
    ]


def report_path(about: str) -> str:
    """The page on which a member of the staff reports something (`moderating.register_target`)."""
    return reverse("casework:report", args=[about])
