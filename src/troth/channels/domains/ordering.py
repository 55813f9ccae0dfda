"""Ordering a domain: asked, then confirmed from the owner's address; nobody is known before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import IntegrityError, transaction

from troth.channels.domains import acts, contacts, publishing, tasks
from troth.channels.domains.clauses import AT, EMAIL, Place, place
from troth.channels.domains.finding import digest_of, taken
from troth.channels.domains.models import Domain, Order
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import hold
from troth.core.errors import Invalid, Missing
from troth.core.gate.collecting import Collecting, collect
from troth.core.gate.deposits import deposit, discard
from troth.core.ids import row_id
from troth.core.inserting import insert
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element
from troth.core.people.records import Given
from troth.core.sealing.blind import mark
from troth.kit.outbox.api import send
from troth.kit.throttle.counting import throttle

LIFE: Final = timedelta(days=7)
MAILS_A_DAY: Final = 5  # to one address: an order must not be a way to flood somebody
ORDERED: Final = "domains.ordered"


class TakenInvalid(Invalid):
    """Somebody has the name."""

    status = 409

    def __init__(self) -> None:
        super().__init__("This name is taken.", do="Try another one.")


class OrderMissing(Missing):
    """It was confirmed a moment ago, or destroyed."""


@action
def hold_back(*, actor: Actor, given: Sequence[Given], shown: Sequence[str], once: str) -> Order:
    """Keep an order aside and ask by mail whether it is meant. The same sending twice is one.

    Raises `TakenInvalid`, and `UseDenied` for data outside the clause.
    """
    found, now = place(), clock.now()
    content = (once, [(g.name, g.text) for g in given], sorted(shown))
    digest = sha256(repr(content).encode()).digest()
    if (same := Order.objects.filter(once=digest).first()) is not None:
        return same
    with collect(actor=actor, touchpoint=AT, data=sorted({g.category for g in given})) as point:
        if taken(point.opening, _text(given, found.name.key)):
            raise TakenInvalid
        asked = mark(point.opening, EMAIL, _text(given, found.email.key)).hex()
        throttle("domains.order", asked, limit=MAILS_A_DAY, seconds=86_400)
    made = Order(
        organisation_id=current_organisation_id(),
        version=found.published.version,
        content={"given": [[g.name, g.category, g.text] for g in given], "shown": list(shown)},
        once=digest,
        asked_at=now,
        expires_at=now + LIFE,
    )
    with deposit(row=made.pk, actor=actor, touchpoint=AT):
        insert([made])
    _note(acts.ASKED, actor, found)
    tasks.ask.enqueue(str(made.organisation_id), str(made.pk))
    return made


@action
def confirm(order: Order) -> Domain:
    """Make the domain its owner's, from the link in the mail, with what they chose to show.

    Raises `TakenInvalid` if somebody else confirmed the same name before, and `OrderMissing` if
    this was confirmed before.
    """
    found = place()
    hold(Order, order.pk)  # of two clicks one confirms
    if not Order.objects.filter(pk=order.pk).exists():
        raise OrderMissing(
            "This order was confirmed, or its time is over.", do="Look into your mail."
        )
    given, wanted = written(order, actor=Actor.visitor())
    technical = next((g for g in given if found.technical and g.name == found.technical.key), None)
    own = [one for one in given if one is not technical]
    with collect(actor=Actor.visitor(), touchpoint=AT, data=_data(own)) as point:
        domain = _made(point, own, found)
    person = domain.person.root
    actor = Actor("person", person.ref, person_id=person.pk)
    _note(acts.ORDERED, actor, found, domain=domain, data=_data(own))
    if technical is not None:
        contacts.name(domain, technical.text, actor=actor)
    if wanted:
        publishing.show(domain, wanted, actor=actor, way=AT)
    send(domain.person, kind=ORDERED, purpose=found.purpose, actor=actor, record=domain.pk)
    forget(order)
    return domain


def _made(point: Collecting, own: Sequence[Given], found: Place) -> Domain:
    person, pk, now = point.person(own), row_id(), clock.now()
    held = point.hold(person, own, record=pk)
    # Whoever follows the link reads that address.
    mine = Element.objects.filter(record=pk, category=EMAIL, person_id=person.pk)
    mine.update(verified_at=now)
    try:
        with transaction.atomic():
            return Domain.objects.create(
                pk=pk,
                organisation_id=person.organisation_id,
                person=person,
                name=next(one for one in held if one.name == found.name.key),
                digest=digest_of(point.opening, _text(own, found.name.key)),
                ordered_at=now,
                changed_at=now,
            )
    except IntegrityError:
        raise TakenInvalid from None


def written(order: Order, *, actor: Actor) -> tuple[list[Given], list[str]]:
    """What was written, and which fields are to be shown."""
    with deposit(row=order.pk, actor=actor, touchpoint=AT):
        content: dict[str, Any] = order.content
    return [Given(*one) for one in content["given"]], list(content["shown"])


def forget(order: Order) -> None:
    """The row and its key."""
    discard(order.pk)
    Order.objects.filter(pk=order.pk).delete()


@action
def forget_expired(*, limit: int = 200) -> int:
    """Forget the orders that nobody confirmed in time. Returns how many, at most `limit`."""
    late = list(Order.objects.filter(expires_at__lte=clock.now())[:limit])
    for order in late:
        forget(order)
    if late:
        record(
            act=acts.LAPSED,
            organisation=current_organisation_id(),
            actor=Actor.system("worker"),
            version=current().version,
            count=len(late),
        )
    return len(late)


def _data(given: Sequence[Given]) -> list[str]:
    return sorted({one.category for one in given})


def _text(given: Sequence[Given], key: str) -> str:
    return next(one.text for one in given if one.name == key)


def _note(
    act: str,
    actor: Actor,
    found: Place,
    *,
    domain: Domain | None = None,
    data: Sequence[str] = (),
) -> None:
    record(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        subject=domain.person.ref if domain else None,
        purpose=found.purpose if domain else "",
        clause=found.touchpoint.clause,
        version=found.published.version,
        data=list(data),
        detail={"domain": domain.ref} if domain else None,
    )
