"""Whose request it is, by the address or number they have shown to be theirs."""

from __future__ import annotations

from typing import Final

from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.notices.versions import current
from troth.core.people import records
from troth.core.people.models import Person

EMAIL: Final = "user.contact.email"
PHONE: Final = "user.contact.phone_number"
FITTING: Final = (
    *("essential.legal_obligation", "functional.storage.privacy_preferences"),
    *("essential.service.notifications", "essential"),
)
"""Uses under which somebody may be looked up to do what they ask for, the closest first."""


def person_at(address: str, *, actor: Actor) -> Person | None:
    """The person an address belongs to, or None. The policy needs an essential purpose for
    addresses; under one without it nobody can be found, and the staff names the person.
    """
    for purpose in _purposes(EMAIL):
        try:
            with uses.search(actor=actor, purpose=purpose, category=EMAIL):
                return records.find(EMAIL, address)
        except Denied:
            continue
    return None


def person_with(number: str, *, actor: Actor) -> Person | None:
    """The one person who gave this telephone number, for who has called them on it. None where
    several did: a household shares one, so that a number alone shows nobody's identity.
    """
    for purpose in _purposes(PHONE):
        try:
            with uses.search(actor=actor, purpose=purpose, category=PHONE):
                found = records.search(PHONE, number, restricted=True)
        except Denied:
            continue
        return Person.objects.get(pk=found[0]) if len(found) == 1 else None
    return None


def address_of(person: Person, *, actor: Actor) -> str:
    """Where to answer somebody we know: the newest address they gave; "" if there is none."""
    try:
        with uses.own(person=person, actor=actor):
            for element in records.held(person.root_id):
                if element.category == EMAIL and isinstance(element.value, str):
                    return element.value
    except Denied:
        return ""
    return ""


def _purposes(category: str) -> list[str]:
    rules = current().rules
    fit = [
        (FITTING.index(use), key)
        for key, purpose in rules.purposes.items()
        if purpose.basis == "essential" and rules.find("use", key, category).allowed
        for use in FITTING
        if purpose.use.startswith(use)
    ]
    return list(dict.fromkeys(key for _, key in sorted(fit)))
