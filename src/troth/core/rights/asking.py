"""Receiving a request, and showing whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.asking import ask as read_one
from troth.core.changing import renew
from troth.core.errors import Denied, Invalid
from troth.core.inserting import insert
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person
from troth.core.people.records import family
from troth.core.rights import acts, clocks
from troth.core.rights.content import Content, write
from troth.core.rights.kinds import KINDS, PROVED, TALKED, WAYS
from troth.core.rights.models import Event, Request

ABILITY = "rights.handle"


@action
def ask(
    kind: str,
    *,
    actor: Actor,
    way: str,
    person: Person | None = None,
    content: Content | None = None,
    received_at: datetime | None = None,
) -> Request:
    """Receive a request. The clock runs from receipt if it is known who asks, else from the proof.

    `person` is who it is about, if known; whoever wrote from an address is not yet shown to own
    it. Questions and complaints need no proof. Raises `Invalid` for a kind or way there is not.
    """
    if kind not in KINDS or way not in WAYS:
        raise Invalid("There is no such kind of request.", do="Choose one of the kinds offered.")
    root = person if person is None or person.root_id == person.pk else person.root
    proven = kind in TALKED or (way in PROVED and root is not None)
    request = Request(
        organisation_id=current_organisation_id(),
        person=root,
        subject=root.ref if root else "",
        kind=kind,
        way=way,
        version=current().version,
        state=Request.State.OPEN if proven else Request.State.UNPROVEN,
        proved=way if proven and kind not in TALKED else "",
        received_at=received_at or clock.now(),
    )
    promise, due = deadline(request, request.received_at)
    request.clause = promise.clause if promise else ""
    request.due_at = due if proven else None
    insert([request])
    if content is not None:
        write(request, content, actor=Actor.system("rights"))
    enter(request, acts.RECEIVED, actor=actor, detail={"way": way})
    return request


@action
def prove(request: Request, *, actor: Actor, how: str, person: Person | None = None) -> None:
    """Take it as shown that the request is its person's. `how` is a key: ``link``, ``log-in``,
    ``document``, ``call``, ``agent``. With `person` it is theirs from now on.
    """
    by_staff(actor)
    hold(request)
    if request.state != Request.State.UNPROVEN:
        raise Invalid("It is known already whose request this is.")
    if person is not None:
        request.person, request.subject = person.root, person.root.ref
    if request.person_id is None and not request.subject:
        raise Invalid(
            "Nobody is named whose request this is.",
            do="Name the person, or refuse it as unknown.",
        )
    request.proved, request.state = how, Request.State.OPEN
    request.due_at = deadline(request, clock.now())[1]
    request.save()
    enter(request, acts.PROVED, actor=actor, detail={"how": how}, reason=how)


def deadline(request: Request, start: datetime) -> tuple[clocks.Promise | None, datetime]:
    """The promise that governs a request, and when it is due if its clock begins at `start`."""
    policy = current().policy
    return clocks.governing(clocks.promises(policy, request.kind), start, counting())


def counting() -> clocks.Counting:
    """How the organisation in scope counts days."""
    zone = read_one(Organisation, "time_zone", id=current_organisation_id())
    return clocks.Counting.of(zone, current().policy.company.calendar)


def by_staff(actor: Actor) -> None:
    """Raise `AbilityDenied` for a member of the staff whose role does not deal with requests."""
    if actor.kind == "staff":
        actor.needs(ABILITY)


def may(request: Request, actor: Actor) -> None:
    """Raise `Denied` unless it is the actor's own request or their job to deal with it."""
    by_staff(actor)
    if actor.kind in ("staff", "system"):
        return
    mine = _family(request.person_id)
    if actor.person_id is None or actor.person_id not in mine:
        raise Denied(
            "This request is somebody else's.", do="Open it from your own list of requests."
        )


def hold(request: Request) -> None:
    """Keep everybody else from moving the request, and read it as it now stands."""
    renew(request, held=True)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What of a request goes to a recipient, and under which clause."""

    to: str
    purpose: str
    clause: str
    data: tuple[str, ...]


def enter(
    request: Request,
    act: str,
    *,
    actor: Actor,
    detail: dict[str, object] | None = None,
    reason: str = "",
    disclosed: Disclosed | None = None,
) -> None:
    """Put it on the ledger and into the request's own history."""
    record(
        act=act,
        organisation=request.organisation_id,
        actor=actor,
        subject=request.subject or None,
        purpose=disclosed.purpose if disclosed else "",
        clause=disclosed.clause if disclosed else request.clause,
        version=current().version,
        data=disclosed.data if disclosed else (),
        to=disclosed.to if disclosed else "",
        detail={"request": request.ref, "kind": request.kind, **(detail or {})},
    )
    happened = Event(
        organisation_id=request.organisation_id,
        request_id=request.pk,
        what=act.partition(".")[2],
        reason=reason,
        by=actor.kind,
        at=clock.now(),
    )
    insert([happened])


def _family(person: UUID | None) -> frozenset[UUID]:
    if person is None:
        return frozenset()
    root = read_one(Person, "root_id", id=person)
    return family(root) if root else frozenset()
