"""Changing the address one logs in with: asked, confirmed from the new one, told to the old one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from troth.channels.accounts import acts
from troth.channels.accounts.entries import as_person, note
from troth.channels.accounts.grounds import EMAIL, PROFILE, account_purpose
from troth.channels.accounts.models import AddressChange, User
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.collecting import Collecting, collect
from troth.core.people.models import Element
from troth.kit.outbox.api import send

WAITS: Final = timedelta(days=1)


class AddressInvalid(Invalid):
    """The account cannot have this address."""


@action
def ask_change(user: User, address: str, *, actor: Actor) -> AddressChange:
    """Hold the new address unconfirmed, send it a link, and tell the old one.

    Where somebody else goes by it, the same mail holds a warning in place of the link: who asked
    learns nothing, and the address's owner hears of it.
    """
    AddressChange.objects.filter(user=user, confirmed_at=None, ended_at=None).update(
        ended_at=clock.now()
    )
    with collect(actor=actor, touchpoint=PROFILE, data=[EMAIL]) as collecting:
        element = _unconfirmed(user, address, collecting)
    if user.address is not None and bytes(element.index) == bytes(user.address.index):
        raise AddressInvalid(
            "This is the address you have now.", do="Write the new one, or leave it as it is."
        )
    change = AddressChange.objects.create(
        user=user, old=user.address, new=element, asked_at=clock.now()
    )
    note(acts.ADDRESS_ASKED, user.person, actor=actor, data=[EMAIL])
    for kind, to in (
        ("accounts.address-confirm", element),
        ("accounts.address-asked", user.address),
    ):
        send(
            user.person, kind=kind, purpose=account_purpose(), actor=actor, record=change.pk, to=to
        )
    return change


def _unconfirmed(user: User, address: str, collecting: Collecting) -> Element:
    """The element of an address that does not name anybody yet."""
    touchpoint = collecting.touchpoint
    name = next((field.key for field in touchpoint.fields if field.category == EMAIL), "email")
    return Element.objects.create(
        person_id=user.person_id,
        name=name,
        category=EMAIL,
        value=address,
        touchpoint=touchpoint.key,
        clause=touchpoint.clause,
        version=collecting.published.version,
        collected_at=clock.now(),
    )


def open_change(change: AddressChange | None) -> bool:
    """Whether the link of this change still counts."""
    return (
        change is not None
        and change.confirmed_at is None
        and change.ended_at is None
        and clock.now() - change.asked_at < WAITS
    )


@action
def confirm_change(change: AddressChange) -> User:
    """Make the new address the one to log in with. Raises `AddressInvalid`."""
    if not open_change(change) or not change.user.is_active:
        raise AddressInvalid("This link was used or is too old.", do="Ask for the change again.")
    if taken(change):
        raise AddressInvalid(
            "This address is in use here already.",
            why="It belongs to somebody else's record, which nobody takes over by a link.",
            do="Choose another address, or ask the company to join the two if both are yours.",
        )
    user, actor = change.user, as_person(change.user.person)
    old, element = user.address, _claim(change)
    if old is not None:
        Element.objects.filter(pk=old.pk).update(identifies=False)
    Element.objects.filter(pk=element.pk).update(identifies=True, verified_at=clock.now())
    user.address = element
    user.save(update_fields=["address"])
    AddressChange.objects.filter(pk=change.pk).update(confirmed_at=clock.now(), new=element)
    note(acts.ADDRESS_CHANGED, user.person, actor=actor, data=[EMAIL])
    for to in (element, old):
        send(
            user.person,
            kind="accounts.address-changed",
            purpose=account_purpose(),
            actor=actor,
            record=change.pk,
            to=to,
        )
    return user


def taken(change: AddressChange) -> bool:
    """Whether somebody else goes by the new address, with an account or without.

    Their record stays theirs: the link goes to who reads the mailbox, and a careless click there
    must not hand it to whoever typed the address.
    """
    return _owned(change).exclude(person__root_id=change.user.person.root_id).exists()


def _claim(change: AddressChange) -> Element:
    """The element of the new address: the one that names the person already, or the new one."""
    return _owned(change).filter(person__root_id=change.user.person.root_id).first() or change.new


def _owned(change: AddressChange) -> QuerySet[Element]:
    return Element.objects.filter(category=EMAIL, index=change.new.index, identifies=True)


def take_back(user: User, since: datetime, *, actor: Actor) -> None:
    """Undo the changes asked for since that moment: the address before them counts again."""
    changes = AddressChange.objects.filter(user=user, asked_at__gte=since)
    first = changes.exclude(confirmed_at=None).select_related("old").order_by("asked_at").first()
    changes.update(ended_at=clock.now())
    if first is None or first.old is None or user.address_id == first.old_id:
        return
    if Element.objects.filter(category=EMAIL, index=first.old.index, identifies=True).exists():
        return  # given to somebody else in between: the company has to look at it
    if user.address is not None:
        Element.objects.filter(pk=user.address.pk).update(identifies=False)
    Element.objects.filter(pk=first.old.pk).update(identifies=True)
    user.address = first.old
    user.save(update_fields=["address"])
    note(acts.ADDRESS_RESTORED, user.person, actor=actor, data=[EMAIL])
