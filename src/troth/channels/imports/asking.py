"""Asking people of a list once more, by mail, whether the permission holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from troth.channels.imports.addresses import Kept
from troth.channels.imports.columns import TOUCHPOINT
from troth.channels.imports.models import Asked, Import
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.gate.first import ASKING
from troth.core.gate.permits import standing_of
from troth.core.inserting import insert
from troth.core.notices.versions import Published, current
from troth.core.people.models import Element, Person
from troth.kit.outbox.api import send

EMAIL: Final = "user.contact.email"
WORKER: Final = Actor.system("worker")


def purpose(published: Published) -> str:
    """The purpose under which the people of a list may be asked; empty if the clause has none.

    It has to be one that needs no yes itself, and the clause has to give it the address.
    """
    rules = published.rules
    found = rules.touchpoints.get(TOUCHPOINT)
    for key in found.purposes if found else ():
        if (
            rules.purposes[key].basis == "essential"
            and rules.find("use", key, EMAIL).allowed
            and rules.find("collect", key, EMAIL, TOUCHPOINT).allowed
        ):
            return key
    return ""


def wishes(person: Person, kept: Kept, published: Published, *, new: bool) -> dict[str, str]:
    """Each purpose of the clause that needs a yes of this person, with its wording.

    Nobody is asked who decided already, either way, or was asked before and did not answer.
    """
    rules = published.rules
    asking = [key for key in rules.touchpoints[TOUCHPOINT].purposes if _asks(published, key)]
    if not asking:
        return {}
    before: set[str] = set()
    if not new:
        standing = standing_of(person.root_id)
        before |= {key for key in asking if standing.answer(key, rules)}
        for found in Asked.objects.filter(person__root_id=person.root_id):
            before |= found.wishes.keys()
    return {
        key: f"Yes: {rules.purposes[key].label}"
        for key in asking
        if key not in before and not kept.unsubscribed(key, rules)
    }


def _asks(published: Published, key: str) -> bool:
    return published.rules.purposes[key].basis in ASKING


def ask(
    run: Import,
    person: Person,
    wished: dict[str, str],
    held: Sequence[Element],
    published: Published,
) -> bool:
    """Queue the mail that asks, if the policy has a purpose for it. Returns whether it has."""
    under = purpose(published)
    address = next((one for one in held if one.category == EMAIL), None)
    if not under or not wished or address is None:
        return False
    asked = Asked(
        organisation_id=person.organisation_id,
        person_id=person.pk,
        run_id=run.pk,
        wishes=wished,
        clause=published.rules.touchpoints[TOUCHPOINT].clause,
        version=published.version,
        asked_at=clock.now(),
    )
    insert([asked])
    send(
        person,
        kind="imports.asked",
        purpose=under,
        actor=WORKER,
        record=asked.pk,
        to=address,
    )
    return True


@action
def confirm(asked: Asked, *, actor: Actor) -> None:
    """Count the yes, from whoever got the mail. Doing it again changes nothing."""
    for key, wording in asked.wishes.items():
        if key in current().rules.purposes:
            choose(
                asked.person, actor=actor, purpose=key, yes=True, way=TOUCHPOINT, wording=wording
            )
