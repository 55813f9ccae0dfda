"""From what somebody types at the log-in to the account, through the blind index."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from troth.channels.accounts.grounds import EMAIL, USERNAME, account_purpose
from troth.channels.accounts.models import User
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.keyring.opening import require
from troth.core.notices.versions import current
from troth.core.people import records
from troth.core.people.models import Person
from troth.core.sealing.blind import blind_index
from troth.core.staff.models import Membership


def user_at(name: str, *, actor: Actor) -> User | None:
    """The account whose confirmed address (or user name, where the policy has one) this is.

    An address the person had before, or one that another form collected, opens nothing.
    """
    category = EMAIL if "@" in name else USERNAME
    purpose = account_purpose()
    if not name or not current().rules.find("use", purpose, category).allowed:
        return None
    with uses.search(actor=actor, purpose=purpose, category=category):
        if category == USERNAME:
            found = records.find(category, name)
            return user_of(found) if found else None
        index = blind_index(require(category), category, name)
    return _users().filter(address__category=category, address__index=index).first()


def user_of(person: Person) -> User | None:
    """The account of one human, whichever of their records it hangs on."""
    return _users().filter(person__root_id=person.root_id).first()


def has_account(roots: Collection[UUID]) -> bool:
    """Whether any of these humans (by the ids of their root records) logs in here."""
    return User.objects.filter(person__root_id__in=roots).exists()


def is_staff(roots: Collection[UUID]) -> bool:
    """Whether any of these humans is on the staff of the organisation in scope."""
    return Membership.objects.filter(user__person__root_id__in=roots).exists()


def address_digest(name: str, *, actor: Actor) -> str:
    """A stand-in for what was typed, for counting attempts: keyed, and no address in clear."""
    with uses.search(actor=actor, purpose=account_purpose(), category=EMAIL):
        return blind_index(require(EMAIL), EMAIL, name).hex()


def _users() -> QuerySet[User]:
    return User.objects.select_related("person__root", "address")
