"""Finding, adding and reading people's records. Callers hold an open use; keys are the guard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from troth.core import clock
from troth.core.asking import ask, ask_all
from troth.core.inserting import insert
from troth.core.keyring.opening import Opening, require, require_search
from troth.core.keyring.store import make_person_keys
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element, Person
from troth.core.sealing.blind import blind_index

# What names one human. A phone may be shared by a household, so it finds people and joins none.
IDENTIFYING: Final = frozenset({"user.contact.email", "user.account.username"})


@dataclass(frozen=True, slots=True)
class Given:
    """One data element as it was given."""

    name: str
    category: str
    text: str
    clause: str = ""
    """The clause that names it, where a place has several; else it is the place's first."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where data came from: the touchpoint, the clause that permitted it, its version."""

    touchpoint: str
    clause: str
    version: str
    record: UUID | None = None
    offline: bool = False
    """It came on paper or by word of mouth, and somebody on the staff entered it."""


def find(category: str, text: str) -> Person | None:
    """The person this identifier belongs to, as the root of their family."""
    index = blind_index(require_search(category), category, text)
    owner = ask(Element, "person", category=category, index=index, identifies=True)
    # Most often there is nobody, so the person is fetched only then.
    return None if owner is None else Person.objects.select_related("root").get(pk=owner).root


def search(category: str, text: str, *, restricted: bool = False) -> list[UUID]:
    """Ids of the people (roots) who have exactly this value; any category, not only identifiers.

    Whoever asked to have their data kept and not used is not found, since looking up is a use; with
    `restricted` they are too, for who has to see that they are there and restricted.
    """
    index = blind_index(require_search(category), category, text)
    rows = Element.objects.filter(category=category, index=index)
    if not restricted:
        rows = rows.exclude(person__root__family__restricted_at__isnull=False)
    return list(rows.values_list("person__root_id", flat=True).distinct()[:100])


def create(*, identified: bool, opening: Opening | None = None, carrier: bool = False) -> Person:
    """A new person, with a key. The key is durable before the row is.

    `opening` is the open touchpoint whose data the key is going to seal. A `carrier` is no human.
    """
    person = Person(organisation_id=current_organisation_id())
    make_person_keys([person.pk], person.organisation_id, opening)
    person.root_id = person.pk
    person.state = Person.State.IDENTIFIED if identified else Person.State.ANONYMOUS
    if carrier:
        person.state = Person.State.CARRIER
    person.created_at = person.last_contact_at = clock.now()
    insert([person])
    return person


def add(
    person: Person, given: Iterable[Given], origin: Origin, *, new: bool = False
) -> list[Element]:
    """Hold what was given, each value under the clause it came by.

    `new` says that the person was made a moment ago and nothing is held yet.
    """
    now, added = clock.now(), []
    for item in given:
        # Each giving is held with its own origin; the first of an identifier is what finds.
        identifies = item.category in IDENTIFYING and (new or not _has(person, item))
        element = Element(
            organisation_id=person.organisation_id,
            person_id=person.pk,
            name=item.name,
            category=item.category,
            value=item.text,
            identifies=identifies,
            touchpoint=origin.touchpoint,
            clause=item.clause or origin.clause,
            version=origin.version,
            record=origin.record,
            offline=origin.offline,
            collected_at=now,
        )
        added.append(element)
    insert(added)
    return added


def _has(person: Person, item: Given) -> bool:
    index = blind_index(require(item.category), item.category, item.text)
    return Element.objects.filter(
        category=item.category, index=index, identifies=True, person__root_id=person.root_id
    ).exists()


def touch(person: Person) -> None:
    """Note a contact: retention counts from the last one."""
    Person.objects.filter(pk=person.root_id).update(last_contact_at=clock.now())


def family(root: UUID) -> frozenset[UUID]:
    """All records of one human: the root and those merged into it."""
    return frozenset(ask_all(Person, "id", root=root))


def held(root: UUID) -> list[Element]:
    """All elements held about one human, newest first. Values stay sealed without an open use."""
    return list(Element.objects.filter(person__root_id=root).order_by("-collected_at", "-id"))
