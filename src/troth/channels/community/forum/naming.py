"""The name somebody goes by in the forum: chosen for it, and nobody else's."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.db.models import QuerySet

from troth.channels.community import acts
from troth.channels.community.clauses import POST, Place, needed
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.collecting import Collecting, collect
from troth.core.keyring.opening import require
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.rights.ending import end
from troth.core.sealing.blind import blind_index

LONGEST: Final = 60


class NameInvalid(Invalid):
    """Nobody can go by this name here."""


def named(person: Person) -> bool:
    """Whether this human has a name for the forum."""
    return _names(person, needed(POST)).exists()


@action
def choose(person: Person, *, actor: Actor, name: str) -> None:
    """Take a name, in place of the one before, on all posts. Raises `NameInvalid`."""
    place, name = needed(POST), _plain(name)
    _look(name)
    field, published = place.name, current()
    with collect(actor=actor, touchpoint=POST, data=[field.category]) as point:
        if _taken(person, field.category, name):
            raise NameInvalid("Somebody goes by this name already.", do="Choose another one.")
        before = list(_names(person, place).values_list("pk", flat=True))
        _hold(point, person, Given(field.key, field.category, name))
        end(Element.objects.filter(pk__in=before), then="erase", clause=place.touchpoint.clause)
    record(
        act=acts.NAMED,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        purpose=place.purpose,
        clause=place.touchpoint.clause,
        version=published.version,
        data=[field.category],
    )


def _hold(point: Collecting, person: Person, given: Given) -> None:
    if not point.hold(person, [given]):
        raise NameInvalid("Without a name nothing can be posted.")


def _plain(name: str) -> str:
    """Without what nobody sees, by which it would differ from another that looks the same."""
    words = unicodedata.normalize("NFKC", name).split()
    return " ".join("".join(filter(str.isprintable, one)) for one in words).strip()


def _look(name: str) -> None:
    """An address is no name for a public page, and the company's own name is its own."""
    if not 2 <= len(name) <= LONGEST:  # noqa: PLR2004 - one letter names nobody
        raise NameInvalid(f"A name has 2 to {LONGEST} letters.")
    if "@" in name or "://" in name:
        raise NameInvalid(
            "This is an address.",
            why="Everybody reads the name beside your posts.",
            do="Choose a name that nobody can write to.",
        )
    if current().policy.company.name.casefold() in name.casefold():
        raise NameInvalid("This is the company's name.", do="Choose one of your own.")


def _taken(person: Person, category: str, name: str) -> bool:
    index = blind_index(require(category), category, name)
    there = Element.objects.filter(category=category, index=index)
    others = there.exclude(person__root_id=person.root_id)
    # What tells one human from another is theirs alone wherever they gave it.
    return others.filter(touchpoint=POST).exists() or others.filter(identifies=True).exists()


def _names(person: Person, place: Place) -> QuerySet[Element]:
    return Element.objects.filter(
        person__root_id=person.root_id, touchpoint=POST, category=place.name.category
    )
