"""Reading surveys."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from troth.channels.surveys.models import Question, Survey
from troth.core import clock
from troth.core.errors import Missing


class SurveyMissing(Missing):
    """There is no such survey, or nobody may see it yet."""


def listed() -> QuerySet[Survey]:
    """All surveys, the newest first, each with how many `answers` it has."""
    return Survey.objects.annotate(answers=Count("responses"))


def by_ref(ref: str) -> Survey:
    """A survey as the staff sees it. Raises `SurveyMissing`."""
    found: Survey | None = listed().filter(ref=ref).first()
    if found is None:
        raise SurveyMissing("There is no such survey.", do="Look at the list of surveys.")
    return found


def question(survey: Survey, number: int) -> Question:
    """One question of a survey. Raises `SurveyMissing`."""
    found = survey.questions.filter(number=number).first()
    if found is None:
        raise SurveyMissing("There is no such question.", do="Look at the survey again.")
    return found


def shown(ref: str) -> Survey:
    """A survey as everybody sees it: open, or closed since. Raises `SurveyMissing`."""
    found = Survey.objects.filter(ref=ref).exclude(state=Survey.State.DRAFT).first()
    if found is None:
        raise SurveyMissing("There is no such survey.", why="It was never here, or is not open.")
    return found


def open_now() -> QuerySet[Survey]:
    """Those that take answers."""
    found = Survey.objects.filter(state=Survey.State.OPEN)
    return found.exclude(closes_at__lte=clock.now())
