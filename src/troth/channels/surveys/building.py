"""Making surveys: drafts, their questions, opening and closing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from troth.channels.surveys import acts
from troth.channels.surveys.clauses import EMAIL, field as field_of, place, purpose
from troth.channels.surveys.models import Question, Survey
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Denied, Invalid
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.policy import Touchpoint

ABILITY: Final = "questions.ask"
MOST: Final = 50  # questions
OPTIONS: Final = (2, 20)
_CHOSEN: Final = (Question.Kind.ONE, Question.Kind.SOME)


class StateDenied(Denied):
    """A survey is not in the state that an act needs."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A survey as it is written: `asks` are the clause's fields beside the questions."""

    title: str
    kind: str = Survey.Kind.SURVEY
    intro: str = ""
    asks: Sequence[str] = ()
    closes_at: datetime | None = None
    prize: str = ""
    prizes: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is written; `element` is the clause's field its answers are."""

    words: str
    kind: str
    element: str
    options: Sequence[str] = field(default_factory=tuple)


@action
def make(plan: Plan, *, actor: Actor) -> Survey:
    """Begin a survey or contest as a draft. Raises `SurveyDenied` for what the clause lacks."""
    actor.needs(ABILITY)
    made = Survey(kind=Survey.Kind(plan.kind), made_at=clock.now())
    _take(made, plan)
    made.save(force_insert=True)
    note(acts.MADE, made, actor)
    return made


@action
def change(survey: Survey, plan: Plan, *, actor: Actor) -> Survey:
    """Change a draft; its kind stays."""
    actor.needs(ABILITY)
    held(survey, Survey.State.DRAFT, "change it")
    _take(survey, plan)
    survey.save()
    note(acts.CHANGED, survey, actor)
    return survey


@action
def ask(survey: Survey, asked: Asked, *, actor: Actor) -> Question:
    """Add a question at the end of a draft."""
    actor.needs(ABILITY)
    held(survey, Survey.State.DRAFT, "change it")
    last = survey.questions.order_by("-number").first()
    number = last.number + 1 if last else 1
    if survey.questions.count() >= MOST:
        raise Invalid(f"A survey has at most {MOST} questions.", do="Leave one out.")
    field_of(place(survey.kind), asked.element)
    made = Question(
        organisation_id=survey.organisation_id,
        survey=survey,
        number=number,
        kind=Question.Kind(asked.kind),
        words=asked.words,
        options=_options(asked),
        element=asked.element,
    )
    made.save(force_insert=True)
    note(acts.CHANGED, survey, actor)
    return made


@action
def unask(question: Question, *, actor: Actor) -> None:
    """Take a question out of a draft."""
    actor.needs(ABILITY)
    held(question.survey, Survey.State.DRAFT, "change it")
    question.delete()
    note(acts.CHANGED, question.survey, actor)


@action
def remove(survey: Survey, *, actor: Actor) -> None:
    """Throw a draft away: nobody has seen it."""
    actor.needs(ABILITY)
    held(survey, Survey.State.DRAFT, "throw it away")
    note(acts.REMOVED, survey, actor)
    survey.delete()


@action
def publish(survey: Survey, *, actor: Actor) -> Survey:
    """Open it for answers. Of a contest, the digest of what will decide the draw goes on the
    ledger now, so that nobody can choose it later.
    """
    actor.needs(ABILITY)
    held(survey, Survey.State.DRAFT, "open it")
    touchpoint = place(survey.kind)
    contest = survey.kind == Survey.Kind.CONTEST
    if not contest and not survey.questions.exists():
        raise Invalid("There is no question yet.", do="Ask one.")
    if survey.closes_at is not None and survey.closes_at <= clock.now():
        raise Invalid("Its closing time is over.", do="Choose a later one.")
    if contest:
        _may_be_drawn(survey, touchpoint)
        survey.lot = secrets.token_hex(32)
    survey.state, survey.opened_at = Survey.State.OPEN, clock.now()
    survey.save()
    detail = {"sealed": sha256(bytes.fromhex(survey.lot)).hexdigest()} if contest else {}
    note(acts.OPENED, survey, actor, detail=detail)
    return survey


@action
def close(survey: Survey, *, actor: Actor) -> Survey:
    """Take no more answers."""
    if actor.kind == "staff":
        actor.needs(ABILITY)
    held(survey, Survey.State.OPEN, "close it")
    if survey.kind == Survey.Kind.CONTEST and not over(survey):
        raise StateDenied(
            "A contest is open until the time on its page.",
            why="Whoever means to enter relies on it.",
            do="Put it off to a later time, if you have to: all who entered are told.",
        )
    survey.state, survey.closed_at = Survey.State.CLOSED, clock.now()
    survey.save(update_fields=["state", "closed_at"])
    note(acts.CLOSED, survey, actor)
    return survey


def over(survey: Survey) -> bool:
    """Whether its closing time has come."""
    return survey.closes_at is not None and survey.closes_at <= clock.now()


def close_due() -> int:
    """Close what has reached its closing time. Returns how many."""
    due = Survey.objects.filter(state=Survey.State.OPEN, closes_at__lte=clock.now())
    for survey in (found := list(due)):
        close(survey, actor=Actor.system("surveys"))
    return len(found)


def held(survey: Survey, state: Survey.State, what: str) -> None:
    """Keep everybody else from moving it. Raises `StateDenied` in any other state."""
    renew(survey, held=True)
    if survey.state != state:
        raise StateDenied(
            f"This survey is {survey.get_state_display().lower()}: you cannot {what}.",
            why="What people were shown stays as it was.",
            do="Make another one." if what == "change it" else "Look at it again.",
        )


def note(
    act: str,
    survey: Survey,
    actor: Actor,
    *,
    count: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Put it on the ledger, under the clause of its touchpoint."""
    touchpoint = current().rules.touchpoints.get(survey.touchpoint)
    record(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        purpose=purpose(touchpoint) if touchpoint else "",
        clause=touchpoint.clause if touchpoint else "",
        version=current().version,
        count=count,
        detail={"survey": survey.ref, **(detail or {})},
    )


def _take(survey: Survey, plan: Plan) -> None:
    touchpoint = place(survey.kind)
    for key in plan.asks:
        field_of(touchpoint, key)
    needed = [one.key for one in touchpoint.fields if one.required and not one.pass_to]
    contest = survey.kind == Survey.Kind.CONTEST
    if contest and (plan.closes_at is None or plan.prizes < 1 or not plan.prize.strip()):
        raise Invalid(
            "A contest says when it closes, what there is to win and how many win.",
            do="Fill in all three.",
        )
    survey.title, survey.intro = plan.title.strip(), plan.intro.strip()
    survey.asks = list(dict.fromkeys([*needed, *plan.asks]))
    survey.closes_at = plan.closes_at
    survey.prize, survey.prizes = (plan.prize.strip(), plan.prizes) if contest else ("", 0)


def _options(asked: Asked) -> list[str]:
    options = list(dict.fromkeys(one.strip() for one in asked.options if one.strip()))
    if asked.kind not in _CHOSEN:
        return []
    least, most = OPTIONS
    if not least <= len(options) <= most:
        raise Invalid(f"Such a question has {least} to {most} answers.", do="One on each line.")
    return options


def _may_be_drawn(survey: Survey, touchpoint: Touchpoint) -> None:
    if EMAIL not in {one.category for one in touchpoint.fields if one.key in survey.asks}:
        raise Invalid("A contest asks for an address: winners are told by mail.")
