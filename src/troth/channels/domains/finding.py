"""Finding a domain: by its name, by its owner, by its reference."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from troth.channels.domains.clauses import AT, NAME, place
from troth.channels.domains.models import Domain
from troth.channels.domains.names import above
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.core.keyring.opening import Opening
from troth.core.people.models import Element, Person
from troth.core.sealing.blind import mark


class DomainMissing(Missing):
    """There is no such domain, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("There is no such domain here.", do="Look at how it is spelled.")


def digest_of(opening: Opening, name: str) -> bytes:
    """What a name is found by; no digest of any other table."""
    return mark(opening, f"{AT} {NAME}", name)


def taken(opening: Opening, name: str) -> bool:
    """Whether somebody has the name, or one above it."""
    digests = [digest_of(opening, one) for one in (name, *above(name))]
    return Domain.objects.filter(digest__in=digests).exists()


def by_name(name: str) -> Domain:
    """The domain of that name, for everybody. Raises `DomainMissing`."""
    with uses.search(actor=Actor.visitor(), purpose=place().purpose, category=NAME) as opening:
        digest = digest_of(opening, name)
    return _one(Domain.objects.filter(digest=digest))


def by_ref(ref: str) -> Domain:
    """Raises `DomainMissing`."""
    return _one(Domain.objects.filter(ref=ref))


def of(person: Person) -> QuerySet[Domain]:
    """Somebody's domains, on whichever of their records."""
    return Domain.objects.filter(person__root_id=person.root_id)


def own(person: Person, ref: str) -> Domain:
    """One of theirs. Somebody else's is missing, not forbidden. Raises `DomainMissing`."""
    return _one(of(person).filter(ref=ref))


def _one(found: QuerySet[Domain]) -> Domain:
    domain = found.select_related("person__root", "name", "technical__person").first()
    if domain is None:
        raise DomainMissing
    return domain


def elements(domain: Domain, keys: Sequence[str] | None = None) -> list[Element]:
    """What its owner gave with the order; their values open inside a use."""
    held = Element.objects.filter(record=domain.pk, person__root_id=domain.person.root_id)
    if domain.technical_id is not None:  # the owner themselves may look after it
        held = held.exclude(pk=domain.technical_id)
    return list((held if keys is None else held.filter(name__in=keys)).order_by("collected_at"))
