"""What templates show of surveys: signs, pictures, recipients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from troth.channels.surveys import clauses
from troth.channels.surveys.models import Question, Survey
from troth.channels.surveys.results import Tally
from troth.core.notices.versions import current
from troth.kit.charts.bars import Bar, bars

SIGNS = {"draft": ("neutral", "Draft"), "open": ("good", "Open"), "closed": ("neutral", "Closed")}


@dataclass(frozen=True, slots=True)
class Sign:
    kind: str
    word: str


def dress(survey: Survey) -> Any:
    """The survey with its sign."""
    found: Any = survey
    found.sign = Sign(*SIGNS[survey.state])
    found.contest = survey.kind == Survey.Kind.CONTEST
    return found


def picture(tally: Tally) -> Any:
    """The counts as bars; nothing for what was said in words or not answered."""
    if tally.question.kind == Question.Kind.WORDS or not tally.answered:
        return None
    items = [Bar(words, count) for words, count in tally.counts]
    return bars(tally.question.words, items, unit="answers")


def recipients(survey: Survey) -> list[tuple[str, str]]:
    """Whom the policy lets have the answers: key and name."""
    touchpoint, rules = clauses.place(survey.kind), current().rules
    found = []
    for key, party in rules.recipients.items():
        for question in survey.questions.all():
            category = clauses.field(touchpoint, question.element).category
            purposes = clauses.serving(touchpoint, category)
            if purposes and rules.find("share", purposes[0], category, key).allowed:
                found.append((key, party.name))
                break
    return found
