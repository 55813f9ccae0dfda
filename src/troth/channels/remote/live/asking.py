"""What the live process asks of the database, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from troth.channels.remote import ending
from troth.channels.remote.granting import may_see, point
from troth.channels.remote.joining import held_by
from troth.channels.remote.live import tickets
from troth.channels.remote.models import Session
from troth.core import clock
from troth.core.errors import Refusal
from troth.core.organisations.scope import everywhere, scope

AGENT: Final = "agent"
CUSTOMER: Final = "customer"
SEEN: Final = {AGENT: "agent_seen_at", CUSTOMER: "customer_seen_at"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a session stands."""

    state: str
    pointer: bool = False
    ends_at: datetime | None = None

    @property
    def runs(self) -> bool:
        over = self.ends_at is not None and self.ends_at <= clock.now()
        return self.state == Session.State.RUNNING and not over


GONE: Final = Standing(Session.State.ENDED)


@dataclass(frozen=True, slots=True)
class Hello:
    """Who wants in: `ref` and `secret`, or a `ticket` with the page's `origin`."""

    ref: str = ""
    secret: str = ""
    ticket: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who was let in, or why nobody was."""

    organisation: UUID | None = None
    session: UUID | None = None
    side: str = ""
    standing: Standing = GONE
    member: UUID | None = None
    sign_in: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to be done about a session of an organisation; returns how it stands then."""

    organisation: UUID
    session: UUID
    do: Callable[[Session], None] | None = None


def enter(batch: Sequence[Hello]) -> list[Entry]:
    """Look at each of them."""
    found = []
    for hello in batch:
        try:
            found.append(_agent(hello) if hello.ticket else _customer(hello))
        except Refusal as refusal:
            found.append(Entry(refusal=refusal))
    return found


def _agent(hello: Hello) -> Entry:
    organisation, pk, member, sign_in = tickets.redeem(hello.ticket, hello.origin)
    with scope(organisation):
        session = Session.objects.filter(pk=pk).first()
        if session is None or not tickets.may_look(session, member, sign_in):
            raise tickets.denied("Your log-in is over, or the session is not yours.")
        _saw(session, AGENT)
        standing = _standing(session)
    return Entry(organisation, pk, AGENT, standing, member, sign_in)


def _customer(hello: Hello) -> Entry:
    with everywhere("a reference says which organisation the session is of"):
        rows = Session.objects.filter(ref=hello.ref).values_list("organisation_id", flat=True)
        organisation = rows.first()
    if organisation is None:
        raise tickets.denied("There is no such session.")
    with scope(organisation):
        session = held_by(hello.ref, hello.secret)
        _saw(session, CUSTOMER)
        return Entry(organisation, session.pk, CUSTOMER, _standing(session))


def do(batch: Sequence[Deed]) -> list[tuple[Standing, Refusal | None]]:
    """Do them, and look how each session stands."""
    found: list[tuple[Standing, Refusal | None]] = []
    for deed in batch:
        refusal: Refusal | None = None
        with scope(deed.organisation):
            session = Session.objects.select_related("person").filter(pk=deed.session).first()
            if session is None:
                found.append((GONE, None))
                continue
            try:
                if deed.do is not None:
                    deed.do(session)
            except Refusal as refused:
                refusal = refused
            found.append((_standing(session), refusal))
    return found


def _standing(session: Session) -> Standing:
    return Standing(session.state, session.pointer_at is not None, session.ends_at)


def _saw(session: Session, side: str) -> None:
    Session.objects.filter(pk=session.pk).update(**{SEEN[side]: clock.now()})


# Deeds


def finish(by: str) -> Callable[[Session], None]:
    """End it, whatever its state."""

    def run(session: Session) -> None:
        ending.end(session, by=by)

    return run


def left(side: str) -> Callable[[Session], None]:
    """One side is gone: what runs ends, and what has not begun waits for them."""

    def run(session: Session) -> None:
        if session.state == Session.State.RUNNING:
            ending.end(session, by=side)

    return run


def pointing(*, on: bool) -> Callable[[Session], None]:
    def run(session: Session) -> None:
        point(session, on=on)

    return run


def here(sides: Sequence[str], agent: tuple[UUID, str] | None) -> Callable[[Session], None]:
    """These sides are connected. An agent whose log-in or role has ended ends the session, and so
    does one side that has been away too long, or a policy that lets nobody look any more.
    """

    def run(session: Session) -> None:
        for side in sides:
            _saw(session, side)
        if agent is not None and not tickets.may_look(session, *agent):
            ending.end(session, by=Session.Ending.AGENT)
        if session.state == Session.State.RUNNING and not may_see(session):
            ending.end(session, by=Session.Ending.AGENT)
        ending.end_overdue()
        session.refresh_from_db()

    return run
