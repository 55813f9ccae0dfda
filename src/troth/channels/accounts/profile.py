"""The profile: what one gave for the account, corrected by oneself. The history stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from troth.channels.accounts import acts
from troth.channels.accounts.entries import note
from troth.channels.accounts.grounds import EMAIL, PROFILE, account_purpose, touchpoint
from troth.channels.accounts.models import Correction, User
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.collecting import collect
from troth.core.people.models import Element
from troth.core.people.records import Given
from troth.kit.outbox.api import send

ADDRESS: Final = "address-now"


def current_values(user: User) -> dict[str, str]:
    """By key of the policy's element, the newest value given for the account, and the address."""
    with uses.own(person=user.person):
        found = {name: str(element.value) for name, element in _newest(user).items()}
        return found | ({ADDRESS: str(user.address.value)} if user.address else {})


def _newest(user: User) -> dict[str, Element]:
    """Only what came by the account's own pages: another form does not change a profile."""
    found: dict[str, Element] = {}
    elements = Element.objects.filter(
        person__root_id=user.person.root_id, touchpoint__startswith="accounts."
    ).exclude(category=EMAIL)
    for element in elements.order_by("-collected_at", "-id"):
        found.setdefault(element.name, element)
    return found


@dataclass(frozen=True, slots=True)
class Corrected:
    """The keys of what changed, and of what was sent and is not held: the person asked that nothing
    is collected that the service does not need.
    """

    changed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@action
def correct(user: User, given: Sequence[Given], *, actor: Actor) -> Corrected:
    """Take over the whole profile as it was sent.

    What changed is held beside the older value. What was emptied is no longer held at all: the
    person took it back.
    """
    asked = {f.key: f for f in touchpoint(PROFILE).fields if f.category != EMAIL}
    before, now = current_values(user), {item.name: item for item in given if item.name in asked}
    changed = [item for key, item in now.items() if before.get(key) != item.text]
    emptied = [key for key in asked if key in before and key not in now]
    if not changed and not emptied:
        return Corrected()
    categories = [item.category for item in changed] + [asked[key].category for key in emptied]
    correction = Correction.objects.create(
        user=user, elements=sorted([*(item.name for item in changed), *emptied]), at=clock.now()
    )
    with collect(actor=actor, touchpoint=PROFILE, data=categories) as collecting:
        collecting.hold(user.person, changed, record=correction.pk)
    if left := tuple(collecting.left):
        changed = [item for item in changed if item.name not in left]
        correction.elements = [name for name in correction.elements if name not in left]
        if not correction.elements:
            correction.delete()
            return Corrected((), left)
        correction.save(update_fields=["elements"])
        categories = [item.category for item in changed] + [asked[key].category for key in emptied]
    if emptied:
        Element.objects.filter(
            person__root_id=user.person.root_id,
            touchpoint__startswith="accounts.",
            name__in=emptied,
        ).delete()
    note(
        acts.CORRECTED,
        user.person,
        actor=actor,
        data=categories,
        clause=collecting.touchpoint.clause,
    )
    send(
        user.person,
        kind="accounts.changed",
        purpose=account_purpose(),
        actor=actor,
        record=correction.pk,
        to=user.address,
    )
    return Corrected(tuple(correction.elements), left)
