"""What came of a survey: counted under one recorded use for each kind of data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from statistics import fmean
from typing import Final
from uuid import UUID

from troth.channels.surveys import clauses
from troth.channels.surveys.answering import number_in
from troth.channels.surveys.models import Question, Response, Survey
from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.policy import Touchpoint

SHOWN: Final = 50  # of what was written in words, the newest


@dataclass(frozen=True, slots=True)
class Tally:
    """What was answered to one question. `mean` is that of numbers."""

    question: Question
    answered: int
    counts: tuple[tuple[str, int], ...] = ()
    mean: float | None = None
    words: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """One person's answers, by the number of the question."""

    response: UUID
    day: date
    said: dict[int, str] = field(repr=False)


def tallies(survey: Survey, *, actor: Actor) -> list[Tally]:
    """The answers of all whose data may be used for the survey now, question by question.

    Raises `UseDenied` where the actor's role does not have the purpose.
    """
    found = answers(survey, actor=actor)
    return [_tally(question, found) for question in survey.questions.all()]


def answers(survey: Survey, *, actor: Actor, to: str = "") -> list[Answered]:
    """The answers of everybody, newest first, without anything that says who they are; with `to`
    of those whose answers may go to that recipient, as a disclosure.
    """
    touchpoint = clauses.place(survey.kind)
    questions = list(survey.questions.all())
    categories = {clauses.field(touchpoint, one.element).category for one in questions}
    served = {one: _purpose(touchpoint, one) for one in categories}
    if to:  # what the policy lets them have; where that is nothing, the gate says so
        rules = current().rules
        theirs = {c: p for c, p in served.items() if rules.find("share", p, c, to).allowed}
        served = theirs or served
    people = dict(Response.objects.filter(survey=survey).values_list("pk", "person_id"))
    found: dict[UUID, Answered] = {}
    for category, purpose in sorted(served.items()):
        for element in _open(category, purpose, people, actor, to):
            number = number_in(element.name)
            if number and isinstance(element.value, str) and element.record is not None:
                day = element.collected_at.date()
                mine = found.setdefault(element.record, Answered(element.record, day, {}))
                mine.said[number] = element.value
    return sorted(found.values(), key=lambda one: one.response, reverse=True)


def _purpose(touchpoint: Touchpoint, category: str) -> str:
    return (clauses.serving(touchpoint, category) or [clauses.purpose(touchpoint)])[0]


def _open(
    category: str, purpose: str, people: dict[UUID, UUID], actor: Actor, to: str
) -> Iterator[Element]:
    """The elements of one category, opened for whoever may be used. It keeps to those answers."""
    rows = Element.objects.filter(record__among=people, category=category).order_by("-id")
    share = current().rules.find("share", purpose, category, to) if to else None
    if share is not None and share.allowed and share.choice in clauses.YES:
        # What a clause asks each person's yes for goes person by person.
        yes = audience(purpose=purpose, data=[category], to=to).select_related("person")
        for permit in yes.filter(person__id__among=Ids(frozenset(people.values()))):
            with uses.use(
                actor=actor, purpose=purpose, data=[category], person=permit.person, to=to
            ):
                yield from rows.filter(person_id=permit.person_id)
        return
    opening = uses.use_audience(
        actor=actor, purpose=purpose, data=[category], among=people.values(), to=to
    )
    with opening as opened:
        for element in rows:
            if opened.people is not None and element.person_id in opened.people:
                yield element


def _tally(question: Question, found: list[Answered]) -> Tally:
    said = [one.said[question.number] for one in found if question.number in one.said]
    if question.kind == Question.Kind.WORDS:
        return Tally(question, len(said), words=tuple(said[:SHOWN]))
    if question.kind == Question.Kind.SCALE:
        numbers = [int(one) for one in said if one.isdigit()]
        counts = Counter(numbers)
        told = tuple((str(number), counts[number]) for number in range(11))
        return Tally(question, len(said), told, fmean(numbers) if numbers else None)
    chosen = Counter(line for one in said for line in one.split("\n"))
    return Tally(question, len(said), tuple((one, chosen[one]) for one in question.options))


def table(survey: Survey, *, actor: Actor, to: str = "") -> Iterator[list[str]]:
    """The answers as rows, the head first: the day, and a column for each question."""
    questions = list(survey.questions.all())
    found = answers(survey, actor=actor, to=to)
    yield ["Day", *(one.words for one in questions)]
    for one in found:
        said = [one.said.get(question.number, "") for question in questions]
        yield [one.day.isoformat(), *(text.replace("\n", "; ") for text in said)]
