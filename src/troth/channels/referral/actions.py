"""Inviting a friend: once for each address, ever, and nobody learns whether it was the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from troth.channels.referral import acts, tasks
from troth.channels.referral.friends import EMAIL, INVITE, address, mailbox
from troth.channels.referral.models import Invited, Referral
from troth.channels.referral.queries import unwelcome
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices import suppression
from troth.core.gate.collecting import collect
from troth.core.gate.deposits import deposit, discard
from troth.core.gate.purging import addresses
from troth.core.inserting import insert
from troth.core.keyring.opening import Opening, require
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.core.sealing.blind import mark

LIFE: Final = timedelta(days=3)


@action
def invite(*, actor: Actor, given: Sequence[Given]) -> None:
    """Have one invitation sent to the address in `given`, unless it had one or wants none.

    Says nothing of which it was. Raises `UseDenied` for data outside the clause.
    """
    published, to = current(), address(given)
    data = sorted({item.category for item in given})
    with collect(actor=actor, touchpoint=INVITE, data=data) as point:
        digest = _digest(point.opening, to)
        wanted = not unwelcome(to) and _is_first(digest)
    if wanted:
        made = Referral(
            organisation_id=current_organisation_id(),
            version=published.version,
            content=[[item.name, item.category, item.text] for item in given],
            expires_at=clock.now() + LIFE,
        )
        with deposit(row=made.pk, actor=actor, touchpoint=INVITE):
            insert([made])
        tasks.send.enqueue(str(made.organisation_id), str(made.pk))
    _note(acts.ASKED if wanted else acts.WITHHELD, actor)


def _is_first(digest: bytes) -> bool:
    """Whether nobody had this address invited; from now on somebody has."""
    try:
        with transaction.atomic():  # a repeat must not spoil the transaction around it
            insert([Invited(digest=digest, organisation_id=current_organisation_id())])
    except IntegrityError:
        return False
    return True


@action
def end(pk: UUID, *, ending: str) -> None:
    """Destroy name and address: the key, then the row. Doing it again changes nothing."""
    discard(pk)
    if Referral.objects.filter(pk=pk).delete()[0]:
        _note(acts.ENDED, Actor.system("worker"), ending=ending)


@action
def forget_expired(*, limit: int = 200) -> int:
    """End what could not be delivered in time. Returns how many, at most `limit`."""
    late = Referral.objects.filter(expires_at__lte=clock.now()).values_list("pk", flat=True)[:limit]
    for pk in (found := list(late)):
        end(pk, ending="expired")
    return len(found)


def forget_invited(person: Person) -> None:
    """Remove the digests of somebody who is purged: nothing remembers them."""
    for category, text in addresses(person):
        if category == EMAIL:
            Invited.objects.filter(digest=_digest(require(EMAIL), text)).delete()


def _digest(opening: Opening, address: str) -> bytes:
    """What an address is known by here, and in no other table."""
    return mark(opening, f"referral {EMAIL}", mailbox(address))


@action
def no_more(digest: bytes, *, actor: Actor) -> None:
    """Keep an address from all that solicits. `digest` is what suppression knows it by."""
    suppression.suppress_digest(digest, reason=suppression.Reason.REFUSED)
    _note(acts.NO_MORE, actor)


def _note(act: str, actor: Actor, **detail: str) -> None:
    published = current()
    touchpoint = published.rules.touchpoints.get(INVITE)
    record(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        clause=touchpoint.clause if touchpoint else "",
        version=published.version,
        detail=detail,
    )
