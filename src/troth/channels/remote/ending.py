"""The end, whoever or whatever brings it; and the note of what was done."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Q

from troth.channels.conversations.api import note_on
from troth.channels.remote import acts
from troth.channels.remote.clauses import PLACE, WORK, place
from troth.channels.remote.granting import WAY
from troth.channels.remote.models import Session
from troth.channels.remote.offering import ABILITY
from troth.channels.remote.recording import customer, hold, note, tell
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.choices.deciding import choose
from troth.core.errors import Denied, Invalid
from troth.core.gate.collecting import collect
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.people.records import Given

WORKER: Final = Actor.system("remote")
UNSEEN: Final = timedelta(seconds=12)
"""After so long without one of the two there is no session any more."""
BATCH: Final = 50
_ENDING = Session.Ending


@action
def end(session: Session, *, by: str, actor: Actor | None = None) -> bool:
    """End it at once, and take back what was granted. Whether it was this that ended it."""
    renew(session, held=True)
    if session.state == Session.State.ENDED:
        return False
    ran = session.state == Session.State.RUNNING
    session.state, session.ended_by = Session.State.ENDED, _ENDING(by)
    session.ended_at, session.code_digest = clock.now(), None
    session.pointer_at = None
    session.save(update_fields=["state", "ended_by", "ended_at", "code_digest", "pointer_at"])
    theirs = by == _ENDING.CUSTOMER
    who = customer(session) if theirs else actor or WORKER
    if ran:
        _take_back(session, who)
    if ran and theirs:
        note(acts.REVOKED, session, who)
    note(acts.ENDED, session, who, by=str(session.ended_by))
    tell(session)
    return True


def _take_back(session: Session, actor: Actor) -> None:
    """A yes for one session ends with it; one that stood before stays as it was."""
    purposes = current().rules.purposes
    for key in session.given:
        if session.person is not None and key in purposes:
            choose(session.person, actor=actor, purpose=key, yes=False, way=WAY)


@action
def write_note(session: Session, *, actor: Actor, text: str) -> None:
    """Write down what was done: with the person's data, and on the case. Once, by its agent."""
    actor.needs(ABILITY)
    hold(session, Session.State.ENDED)
    if session.agent is not None and session.agent.ref != actor.ref:
        raise Denied("Another agent had this session.", why="Who did it writes it down.")
    if not text.strip():
        raise Invalid("The note is empty.", do="Write what you looked at and what you changed.")
    if not session.to_note or session.person is None:
        raise Denied("There is nothing to write down, or it was done already.")
    here = place()
    given = Given(WORK, here.work, text.strip())
    with collect(actor=actor, touchpoint=PLACE, data=[here.work]) as point:
        point.hold(session.person, [given], record=session.pk)
    if session.conversation is not None:
        length = round((session.ended_at - session.granted_at).total_seconds() / 60)  # type: ignore[operator]
        told = f"Remote session, {max(1, length)} min. What was done: {given.text}"
        note_on(session.conversation, actor=actor, text=told, once=session.pk)
    session.noted_at = clock.now()
    session.save(update_fields=["noted_at"])
    note(acts.NOTED, session, actor)


def end_theirs(person: Person) -> None:
    """Whoever is erased is shown to nobody any more."""
    for one in Session.objects.filter(person__root_id=person.root_id).exclude(state="ended"):
        end(one, by=_ENDING.LOST)


def forget_unused() -> int:
    """Remove what nobody used, a day later; the ledger has it. Returns how many."""
    old = clock.now() - timedelta(days=1)
    unused = Session.objects.filter(ended_at__lt=old, granted_at=None)
    found = list(unused.values_list("pk", flat=True)[:BATCH])
    Session.objects.filter(pk__in=found).delete()
    return len(found)


def end_overdue() -> int:
    """End what nobody granted in time, what has run its time, and what one side has left without a
    word. Returns how many, at most `BATCH`.
    """
    now = clock.now()
    state = Session.State
    unused = Q(state__in=(state.OFFERED, state.JOINED), lapses_at__lte=now)
    timed = Q(state=state.RUNNING, ends_at__lte=now)
    unseen = Q(agent_seen_at__lt=now - UNSEEN) | Q(customer_seen_at__lt=now - UNSEEN)
    lost = unseen & Q(state=state.RUNNING)
    done = 0
    for one in Session.objects.filter(unused | timed | lost)[:BATCH]:
        if one.state != state.RUNNING:
            by = _ENDING.UNUSED
        else:
            by = _ENDING.TIME if one.ends_at and one.ends_at <= now else _ENDING.LOST
        done += end(one, by=by)
    return done
