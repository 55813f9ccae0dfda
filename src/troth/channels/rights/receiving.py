"""Taking a request in, whichever way it comes, and letting it go on once it is known whose."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final

from troth.channels.rights import tasks
from troth.channels.rights.finding import person_at
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.ids import opaque_ref
from troth.core.people.models import Person
from troth.core.rights import api as rights
from troth.core.rights.api import Content, Request
from troth.core.rights.asking import deadline
from troth.core.rights.kinds import CHANGING, TALKED

SYSTEM: Final = Actor.system("requests")


@action
def receive(
    kind: str,
    *,
    actor: Actor,
    way: str,
    content: Content,
    person: Person | None = None,
    received_at: datetime | None = None,
) -> Request:
    """Take a request in and answer it at once: with what happens next, or, where it is not shown
    yet whose it is, with a link to the address that was written. Nobody is looked up for that, so
    neither the answer nor its time tells whether somebody is known.
    """
    request = rights.ask(
        kind, actor=actor, way=way, person=person, content=content, received_at=received_at
    )
    if request.state == Request.State.UNPROVEN:
        tell(request, "prove")
    else:
        tell(request, "received")
        go_on(request)
    return request


@action
def prove(request: Request, *, actor: Actor, how: str, person: Person | None = None) -> None:
    """Take it as shown whose it is. Somebody we know nothing of has a request too: other
    databases of the company may know them, and “nothing” is an answer.
    """
    if person is None and request.person_id is None and not request.subject:
        request.subject = opaque_ref()
        Request.objects.filter(pk=request.pk).update(subject=request.subject)
    rights.prove(request, actor=actor, how=how, person=person)
    tell(request, "received")
    go_on(request)


@action
def prove_by_address(request: Request, *, how: str = "mail") -> None:
    """The address they wrote is theirs: the link that went there was opened, or an agent that is
    relied on has verified it (`how`).
    """
    content = rights.read_content(request, actor=SYSTEM)
    address = content.reply_to
    rights.write_content(request, content.knowing({"user.contact.email": (address,)}), actor=SYSTEM)
    prove(request, actor=SYSTEM, how=how, person=person_at(address, actor=SYSTEM))


@action
def enter(
    kind: str,
    *,
    actor: Actor,
    way: str,
    content: Content,
    person: Person | None,
    how: str,
    received_at: datetime,
) -> Request:
    """A request that came by phone or post, entered by the staff. `how` its identity was shown, ""
    if it was not yet. The clock began when it was received, not when it was entered.
    """
    actor.needs("rights.handle")
    request = rights.ask(
        kind, actor=actor, way=way, person=person, content=content, received_at=received_at
    )
    if request.state != Request.State.UNPROVEN:
        tell(request, "received")
    elif how:
        prove(request, actor=actor, how=how, person=person)
        due = deadline(request, received_at)[1]
        Request.objects.filter(pk=request.pk, state__in=_ALIVE).update(due_at=due)
    elif content.reply_to:
        tell(request, "prove")
    request.refresh_from_db()
    return request


_ALIVE: Final = (Request.State.OPEN, Request.State.RUNNING, Request.State.STUCK)


def go_on(request: Request) -> None:
    """Let it run by itself where it can: what shows or stops something. What changes or destroys
    data waits until its plan was read, and questions wait for somebody to answer.
    """
    if request.state == Request.State.OPEN and request.kind not in CHANGING | TALKED:
        with suppress(Invalid):  # nobody is named yet, or a source is ill described: people look
            rights.approve(request, actor=SYSTEM)


def tell(request: Request, what: str) -> None:
    """Queue a mail about the request; its words are made when it is sent."""
    tasks.tell.enqueue(str(request.organisation_id), str(request.pk), what)


def bearer(request: Request) -> Actor:
    """Whoever holds a link to this one request that we mailed to their address."""
    person = request.person
    if person is None:
        return SYSTEM
    return Actor("person", person.ref, person_id=person.pk)


def owned(request: Request, person: Person) -> None:
    """Raise `Denied` unless the request is this person's."""
    if request.person is None or request.person.root_id != person.root_id:
        raise Denied("This request is somebody else's.", do="Open it from your own list.")
