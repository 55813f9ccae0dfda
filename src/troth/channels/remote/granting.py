"""The customer's yes: for one agent, one session, and a time. And a second one, for the pointer."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import Final

from troth.channels.remote import acts
from troth.channels.remote.clauses import PLACE, Place, find, place
from troth.channels.remote.models import Session
from troth.channels.remote.offering import ABILITY
from troth.channels.remote.recording import customer, hold, note, tell
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.errors import Denied, Invalid
from troth.core.gate.collecting import collect
from troth.core.gate.deciding import decide_for_person
from troth.core.gate.uses import use
from troth.core.people.models import Person
from troth.core.people.records import family
from troth.core.staff.members import staff_actor

WAY: Final = "remote"


class LapsedDenied(Denied):
    """The time to grant it is over."""


@action
def grant(session: Session, *, accepted: bool) -> None:
    """Let the session's agent see the screen, from now until its time is up or it is ended.

    `accepted` says that the advice was. The gate is asked for the agent now, so whoever's role does
    not open the purpose sees nothing. Raises `Denied`.
    """
    hold(session, Session.State.JOINED)
    here, now = place(), clock.now()
    if session.lapses_at <= now:
        raise LapsedDenied("The time to allow it is over.", do="Ask the agent for a new code.")
    if here.advice and not accepted:
        raise Invalid(
            "Please confirm that you have read the advice.",
            why="What is not saved can be lost.",
            clause=here.advice[0].clause,
            do="Tick the box, then allow it.",
        )
    agent = _agent(session)
    session.version, session.clause = here.published.version, here.touchpoint.clause
    person = session.person = _known(session, here)
    if here.advice:
        session.accepted, session.accepted_at = here.published.version, now
        by = customer(session)
        clause = here.advice[0].clause
        note(acts.ACCEPTED, session, by, clause=clause, advice=here.published.version)
    session.given = [key for key in here.asks if _yes(person, session, key, here)]
    with ExitStack() as uses:  # what the agent sees is a use of each purpose, and on the ledger
        for key in here.touchpoint.purposes:
            uses.enter_context(
                use(actor=agent, purpose=key, data=here.touchpoint.data, person=person)
            )
    session.state = Session.State.RUNNING
    session.granted_at = session.agent_seen_at = session.customer_seen_at = now
    session.ends_at = now + timedelta(seconds=session.seconds)
    session.save()
    note(acts.GRANTED, session, customer(session), minutes=-(-session.seconds // 60))
    tell(session)


@action
def point(session: Session, *, on: bool) -> None:
    """Let the agent point at things on the screen, or no longer. Said again it changes nothing."""
    hold(session, Session.State.RUNNING)
    if (session.pointer_at is not None) == on:
        return
    session.pointer_at = clock.now() if on else None
    session.pointed = session.pointed or on
    session.save(update_fields=["pointer_at", "pointed"])
    note(acts.POINTER if on else acts.NO_POINTER, session, customer(session))
    tell(session)


def may_see(session: Session) -> bool:
    """Whether the gate still lets the agent look: the yes stands, and the policy and the agent's
    role open what it is for.
    """
    here, person = find(), session.person
    if here is None or person is None:
        return False
    people = family(person.root_id)
    try:
        agent = _agent(session)
        for key in here.touchpoint.purposes:
            decide_for_person(
                here.published, agent, key, tuple(here.touchpoint.data), person, people, ""
            )
    except Denied:
        return False
    return True


def wording(session: Session, here: Place) -> str:
    """What the customer says yes to."""
    minutes = -(-session.seconds // 60)
    said = (
        f"An agent of {here.published.policy.company.name} may see my screen for at most "
        f"{minutes} minutes, until I end it."
    )
    return " ".join([said, *(" ".join(one.text.split()) for one in here.advice)])


def _agent(session: Session) -> Actor:
    """The member who asked, as they are now."""
    if session.agent is None:
        raise Denied("The agent is not here any more.", do="Ask for a new code.")
    found = staff_actor(session.agent)
    found.needs(ABILITY)
    return found


def _known(session: Session, here: Place) -> Person:
    """Whose session it is: the case's person, or somebody of whom nothing is known but this."""
    with collect(actor=customer(session), touchpoint=PLACE, data=here.touchpoint.data) as point:
        person = session.person or point.person([])
        point.hold(person, [], record=session.pk, also=here.touchpoint.data)
    return person


def _yes(person: Person, session: Session, purpose: str, here: Place) -> bool:
    """Whether this yes is new: then it ends with the session."""
    said = choose(
        person,
        actor=customer(session),
        purpose=purpose,
        yes=True,
        way=WAY,
        wording=wording(session, here),
    )
    return said is not None
