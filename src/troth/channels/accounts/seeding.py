"""Accounts that no registration made: for imports and for the demo's history."""

from __future__ import annotations

from troth.channels.accounts.grounds import EMAIL
from troth.channels.accounts.models import User
from troth.core import clock
from troth.core.actions import action
from troth.core.errors import Missing
from troth.core.people.models import Element, Person


@action
def create_user(person: Person, password: str | None = None) -> User:
    """A confirmed account for a person whose address is held; without a password it can only be
    opened by a reset link. Raises `Missing` for a person without an address.
    """
    held = Element.objects.filter(
        person__root_id=person.root_id, category=EMAIL, identifies=True
    ).order_by("-collected_at")
    address = held.first()
    if address is None:
        raise Missing(
            "This person has no address to log in with.",
            do="Collect one at accounts.register first.",
        )
    user = User(person=person, address=address)
    user.set_password(password) if password else user.set_unusable_password()
    user.save(force_insert=True)
    Element.objects.filter(pk=address.pk).update(verified_at=clock.now())
    return user
