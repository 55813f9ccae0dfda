"""What the policy in force says about accounts: the touchpoints, and the purpose of a log-in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.gate import permits
from troth.core.gate.collecting import Collecting, collect
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.people.records import Origin
from troth.policy import Touchpoint

REGISTER: Final = "accounts.register"
PROFILE: Final = "accounts.profile"
OPERATOR: Final = "accounts.operator"
PASSWORD_PAGES: Final = "accounts.password"  # noqa: S105 - a touchpoint

EMAIL: Final = "user.contact.email"
USERNAME: Final = "user.account.username"
PASSWORD: Final = "user.authorization.password"  # noqa: S105 - a data category
CREDENTIALS: Final = "user.authorization.credentials"
DEVICE: Final = "user.device"
NETWORK: Final = "user.device.ip_address"

AUTHENTICATION: Final = "essential.service.authentication"


class AccountsMissing(Missing):
    """The policy in force has no clause for this part of accounts."""


def account_purpose() -> str:
    """The key of the purpose that log-ins and their safety serve. Raises `AccountsMissing`."""
    for key, purpose in current().rules.purposes.items():
        if purpose.use == AUTHENTICATION:
            return key
    raise AccountsMissing(
        "There are no accounts here.",
        why=f"The policy has no purpose with the use {AUTHENTICATION}.",
        do="Publish a policy with one.",
    )


def touchpoint(key: str) -> Touchpoint:
    """The touchpoint of the policy in force. Raises `AccountsMissing`."""
    found = current().rules.touchpoints.get(key)
    if found is None:
        raise AccountsMissing(
            "This company does not offer that.",
            why=f"Its policy collects nothing at {key}.",
            do="Ask the company by the contact on its policy page.",
        )
    return found


def may_keep(*categories: str) -> bool:
    """Whether the clause for accounts lets these be kept to protect the account."""
    rules, purpose = current().rules, account_purpose()
    return all(
        rules.find("collect", purpose, category, REGISTER).allowed for category in categories
    )


@contextmanager
def keeping(person: Person, categories: Sequence[str], *, actor: Actor) -> Iterator[Collecting]:
    """Open what the account keeps of itself (second factor, device) for sealing, with permits.

    Raises `UseDenied` where the clause does not name it.
    """
    with collect(actor=actor, touchpoint=REGISTER, data=categories) as collecting:
        found, published = collecting.touchpoint, collecting.published
        origin = Origin(found.key, found.clause, published.version)
        permits.grant(person, categories, found.purposes, origin, published)
        yield collecting
