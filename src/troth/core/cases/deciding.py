"""What becomes of a case: a second person decides, steps are noted, and it ends."""

from __future__ import annotations

from typing import Final

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.cases import acts, hooks
from troth.core.cases.drafting import LATER, lacking
from troth.core.cases.entering import APPROVE, OPEN, CaseDenied, CaseInvalid, enter, held
from troth.core.cases.models import Case, Event

OUTCOMES: Final = {
    "done": "What it was for is done",
    "remedied": "It was put right",
    "withdrawn": "It is not needed any more",
    "unfounded": "There was nothing to it",
}


@action
def approve(case: Case, *, actor: Actor) -> None:
    """Let the case open what it covers. Never by who opened it: it takes two."""
    actor.needs(APPROVE)
    held(case, Case.State.WAITING)
    if actor.ref == case.opened_by or actor.kind != "staff":
        raise CaseDenied(
            "Nobody approves a case of their own.",
            why="A second person has to look at ground, document and scope.",
            clause=case.clause,
            do="Ask a colleague whose role approves cases.",
        )
    if case.ends_at is None or case.ends_at <= clock.now():
        raise CaseInvalid("The day on which this case ends has passed.", do="Open another one.")
    case.decided_by, case.decided_at = actor.ref, clock.now()
    if [one for one in lacking(case) if one not in LATER]:
        raise CaseInvalid("Something that the clause asks for is missing.", do="Refuse the case.")
    case.state = Case.State.OPEN
    case.save(update_fields=["state", "decided_by", "decided_at"])
    enter(case, acts.APPROVED, actor=actor)


@action
def refuse(case: Case, *, actor: Actor, words: str) -> None:
    """Say no to a case, and why."""
    actor.needs(APPROVE)
    held(case, Case.State.WAITING)
    if not words.strip():
        raise CaseInvalid("Say why, so that who opened it learns what is wrong.")
    case.state, case.decided_by, case.decided_at = Case.State.REFUSED, actor.ref, clock.now()
    case.save(update_fields=["state", "decided_by", "decided_at"])
    enter(case, acts.REFUSED, actor=actor, words=words)


@action
def note(case: Case, *, actor: Actor, words: str) -> Event:
    """Write a step of an open case down."""
    actor.needs(OPEN)
    held(case, Case.State.DRAFT, Case.State.WAITING, Case.State.OPEN)
    if not words.strip():
        raise CaseInvalid("Write down what was done.")
    enter(case, acts.NOTED, actor=actor, words=words)
    return case.events.order_by("at", "id").last()  # type: ignore[return-value]


@action
def take(case: Case, *, actor: Actor) -> None:
    """See to a case from now on."""
    actor.needs(OPEN)
    held(case, Case.State.OPEN)
    case.owner = actor.ref
    case.save(update_fields=["owner"])
    enter(case, acts.TAKEN, actor=actor)


@action
def close(case: Case, *, actor: Actor, outcome: str, words: str = "") -> None:
    """End a case: from now on it opens nothing. Of a case of remedy it says what was put right.

    Whoever wants to hear of it is called (`hooks.on_closed`), and may keep it open by raising.
    """
    if actor.kind == "staff":
        actor.needs(OPEN)
    held(case, *(state for state in Case.State if state not in Case.ENDED))
    if outcome not in OUTCOMES:
        raise CaseInvalid("Say how it ended.", do=f"One of: {', '.join(OUTCOMES)}.")
    if case.kind == Case.Kind.REMEDY and not (outcome == "remedied" and words.strip()):
        raise CaseInvalid(
            "A case of remedy ends when it is said what was put right.",
            do="Write down what was wrong, and what was done about it.",
        )
    case.state, case.outcome = Case.State.CLOSED, outcome
    case.closed_by, case.closed_at = actor.ref, clock.now()
    case.save(update_fields=["state", "outcome", "closed_by", "closed_at"])
    enter(case, acts.CLOSED, actor=actor, words=words, detail={"outcome": outcome})
    hooks.closed(case, actor)
