"""What every act of a session has in common: its row is held, the ledger and the bus are told."""

from __future__ import annotations

from troth.channels.remote.models import Session
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Denied
from troth.core.ledger.api import record
from troth.kit.live import bus


class SessionDenied(Denied):
    """A session is not in the state that an act needs."""


def customer(session: Session) -> Actor:
    """Whoever holds the session's secret: no log-in stands behind them."""
    if session.person is None:
        return Actor.visitor()
    return Actor("visitor", session.person.ref, person_id=session.person_id)


def hold(session: Session, *states: str) -> None:
    """Keep everybody else from moving it. Raises `SessionDenied` in any other state than these."""
    renew(session, held=True)
    if session.state not in states:
        over = session.state == Session.State.ENDED
        raise SessionDenied(
            "This session is over." if over else "This session is not that far.",
            why="Each session is granted anew, and what has ended does not begin again.",
            do="Ask for a new code." if over else "Look at its page again.",
        )


def note(
    act: str, session: Session, actor: Actor, *, clause: str = "", **detail: str | int
) -> None:
    record(
        act=act,
        organisation=session.organisation_id,
        actor=actor,
        subject=session.person.ref if session.person else None,
        clause=clause or session.clause,
        version=session.version,
        detail={"session": session.ref, **detail},
    )


def tell(session: Session) -> None:
    """Have the live processes look at it anew, once the transaction is committed."""
    bus.publish(session.topic, {"kind": "state", "state": session.state})
