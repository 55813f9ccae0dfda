"""Claiming a batch: copies into this process's hands, and the gate asked about each person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import transaction

from troth.channels.campaigns import suppression
from troth.channels.campaigns.explaining import reason_for
from troth.channels.campaigns.freezing import WORKER
from troth.channels.campaigns.models import Campaign, Conduct, Copy
from troth.channels.campaigns.purposes import EMAIL, NEWS, Slot, is_notice, tracking_purpose
from troth.core import clock
from troth.core.among import Ids
from troth.core.gate import uses
from troth.core.gate.audiences import audience_among
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person

READ: Final = "person_id name category value index touchpoint version locked_at".split()
"""What is loaded of an element, which is what reading its value looks at."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One copy in hand."""

    copy: int
    person: UUID
    ref: str
    subject: str


@dataclass
class Batch:
    """Copies in hand with what the gate said: values of those who may be written to."""

    claims: list[Claim]
    values: dict[UUID, dict[str, str]] = field(default_factory=dict)
    """By person: ``@`` is the address, other keys are slots. Only while the use is open."""
    dropped: dict[int, str] = field(default_factory=dict)
    followed: frozenset[UUID] = frozenset()
    """Those whose opening may be collected."""


def claim(campaign: Campaign, worker: UUID, most: int) -> list[Claim]:
    """Take up to `most` copies that are due, if the campaign and the organisation still send."""
    found: list[Claim] = []
    with transaction.atomic():
        sends = Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.SENDING).exists()
        if not sends or holds(campaign):
            return []
        for state in (Copy.State.DEFERRED, Copy.State.QUEUED):
            due = Copy.objects.filter(campaign=campaign, state=state, due_at__lte=clock.now())
            due = due.exclude(subject=Copy.UNDECIDED) if campaign.tries else due
            rows = (
                due.select_for_update(skip_locked=True, of=("self",))
                .order_by("due_at")[: most - len(found)]
                .values_list("pk", "person_id", "person__ref", "subject")
            )
            found += [Claim(*row) for row in rows]
        numbers = [one.copy for one in found]
        Copy.objects.filter(pk__in=numbers).update(state=Copy.State.CLAIMED, worker=worker)
    return found


def holds(campaign: Campaign) -> bool:
    """Whether its copies have to wait: all is stopped, or the policy has changed under them.

    What too many complained of is no reason to keep back a notice. What was written as news does
    not leave for what nobody can refuse any more.
    """
    known = current().rules.purposes.get(campaign.purpose)
    if campaign.kind == NEWS and known is not None and known.basis == "essential":
        return True
    stopped = Conduct.objects.filter(stopped_at__isnull=False)
    if is_notice(campaign.kind, campaign.purpose):
        stopped = stopped.exclude(cause="complaints")
    return stopped.exists()


@contextmanager
def asked(campaign: Campaign, claims: list[Claim], slots: Mapping[str, Slot]) -> Iterator[Batch]:
    """Ask the gate now, and open what it permits until the end of the block. One entry on the
    ledger for the batch, or one for each set of data where people permit different ones.
    """
    batch = Batch(claims)
    people = frozenset(one.person for one in claims)
    purpose = campaign.purpose
    categories = sorted({slot.category for slot in slots.values()})
    with ExitStack() as stack:
        allowed = _open(stack, purpose, [EMAIL, *categories], people)
        if categories:
            rest = _open(stack, purpose, [EMAIL], people - allowed)
            for category in categories if len(categories) > 1 else ():
                _open(stack, purpose, [category], rest)
            allowed |= rest
        for one in claims:
            if one.person not in allowed:
                person = Person.objects.get(pk=one.person)
                batch.dropped[one.copy] = reason_for(person, campaign) or "refused"
        _read(batch, campaign, allowed, slots)
        notice = is_notice(campaign.kind, campaign.purpose)
        batch.followed = frozenset() if notice else _followed(allowed)
        yield batch
        batch.values.clear()


def _open(
    stack: ExitStack, purpose: str, data: list[str], people: Collection[UUID]
) -> frozenset[UUID]:
    """Open this of those who permit it, until the stack ends; who they are."""
    use = uses.use_audience(actor=WORKER, purpose=purpose, data=data, among=people)
    return stack.enter_context(use).whom


def _read(
    batch: Batch, campaign: Campaign, allowed: Collection[UUID], slots: Mapping[str, Slot]
) -> None:
    categories = {EMAIL, *(slot.category for slot in slots.values())}
    held = Element.objects.filter(person__id__among=allowed, category__in=categories).only(*READ)
    addresses: dict[UUID, list[tuple[bytes, str]]] = {}
    by_category: dict[str, list[str]] = {}
    for key, slot in slots.items():
        by_category.setdefault(slot.category, []).append(key)
    values = batch.values
    for element in held.order_by("-collected_at", "-id"):
        text = element.value
        if not isinstance(text, str):  # given for other purposes
            continue
        if element.category == EMAIL:
            addresses.setdefault(element.person_id, []).append((bytes(element.index), text))
            continue
        keys = by_category[element.category]
        name = element.name.rpartition(".")[2]
        if len(keys) == 1 or name in keys:
            mine = values.setdefault(element.person_id, {})
            mine.setdefault(keys[0] if len(keys) == 1 else name, text)
    _address(batch, campaign, addresses)


def _address(
    batch: Batch, campaign: Campaign, addresses: Mapping[UUID, list[tuple[bytes, str]]]
) -> None:
    """The newest address of each that is not suppressed."""
    indexes = [index for mine in addresses.values() for index, _ in mine]
    bad = suppression.suppressed_among(indexes, campaign.kind)
    for one in batch.claims:
        if one.copy in batch.dropped:
            continue
        mine = addresses.get(one.person, [])
        good = next((text for index, text in mine if index not in bad), None)
        if good is None:
            batch.dropped[one.copy] = "suppressed" if mine else "no-address"
        else:
            batch.values.setdefault(one.person, {})["@"] = good


def _followed(people: Collection[UUID]) -> frozenset[UUID]:
    purpose = tracking_purpose()
    if not purpose or not people:
        return frozenset()
    rules = current().rules
    data = [EMAIL] if rules.find("use", purpose, EMAIL).allowed else []
    return frozenset(audience_among(Ids(people), purpose=purpose, data=data) if data else ())
