"""Telling people of a new version, and what it opens once they had the time to refuse.

What somebody gave under an earlier version serves a purpose that is new, or goes to a recipient
that is new, only after they were told and the policy's time to refuse is over. Being told of a
version covers all versions before it: the page that tells compares with what the person knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.gate import acts, permits
from troth.core.gate.first import ASKING
from troth.core.gate.models import Permit, Told
from troth.core.inserting import insert
from troth.core.ledger.api import record
from troth.core.notices import versions
from troth.core.people.models import Element, Person
from troth.core.people.records import family

Origins = frozenset[tuple[str, str, str]]
NOTHING: Final[Origins] = frozenset()


@action
def tell(person: Person, *, actor: Actor, version: str, way: str) -> Told:
    """Note that the person was told of a version; from now their time to refuse runs.

    Call it when they have been: a mail was taken by their server, a page was shown to them.
    Telling twice changes nothing.
    """
    permits.lock(person.root_id)
    people = family(person.root_id)
    earlier = Told.objects.filter(person_id__in=people, version=version).first()
    if earlier is not None:
        return earlier
    published, now = versions.version(version), clock.now()
    told = Told.objects.create(
        person_id=person.root_id,
        version=version,
        way=way,
        at=now,
        opens_at=published.rules.refusable_until(now),
    )
    _extend(people, told, published)
    permits.settle(person.root_id, versions.current().rules)
    record(
        act=acts.TOLD,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        version=version,
        detail={"way": way},
    )
    return told


@action
def untell(person: Person, *, actor: Actor, version: str) -> None:
    """Take back that a mail told them: it did not arrive. What it opened, or was going to, closes,
    unless they saw the notice all the same.
    """
    permits.lock(person.root_id)
    people = family(person.root_id)
    told = Told.objects.filter(
        person_id__in=people, version=version, way="mail", answer=Told.Answer.NONE
    ).first()
    if told is None:
        return
    opened = Permit.objects.filter(
        person_id__in=people,
        version=version,
        opens_at=told.opens_at,
        state__in=(Permit.State.TOLD, Permit.State.AWAITING),
    )
    opened.delete()
    told.delete()
    permits.settle(person.root_id, versions.current().rules)
    record(
        act=acts.UNTOLD,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        version=version,
        detail={"way": "mail"},
    )


@action
def answer(told: Told, *, actor: Actor, accepted: bool) -> None:
    """Note that the person saw the notice, or accepted the version. What stands stays."""
    wanted = Told.Answer.ACCEPTED if accepted else Told.Answer.SEEN
    if told.answer in (wanted, Told.Answer.ACCEPTED):
        return
    told.answer, told.answered_at = wanted, clock.now()
    told.save(update_fields=["answer", "answered_at"])
    record(
        act=acts.ACCEPTED if accepted else acts.SEEN,
        organisation=told.organisation_id,
        actor=actor,
        subject=told.person.ref,
        version=told.version,
        detail={"way": told.way},
    )


def _extend(people: Collection[UUID], told: Told, published: versions.Published) -> None:
    """Permits for what the version gives to data of each place and category held already."""
    rules, made = published.rules, []
    elements = Element.objects.filter(person_id__in=people).exclude(version=told.version)
    held = elements.values_list("person_id", "touchpoint", "category").distinct()
    have = set(
        Permit.objects.filter(person_id__in=people).values_list("person_id", "purpose", "category")
    )
    for person_id, touchpoint, category in held:
        place = rules.touchpoints.get(touchpoint)
        for purpose in place.purposes if place else ():
            use = rules.find("use", purpose, category)
            given = rules.find("collect", purpose, category, touchpoint)
            if not (use.allowed and given.allowed) or (person_id, purpose, category) in have:
                continue
            have.add((person_id, purpose, category))
            asks = use.basis in ASKING
            made.append(
                Permit(
                    organisation_id=told.organisation_id,
                    person_id=person_id,
                    purpose=purpose,
                    category=category,
                    state=Permit.State.AWAITING if asks else Permit.State.TOLD,
                    opens_at=told.opens_at,
                    touchpoint=touchpoint,
                    clause=given.clause,
                    version=told.version,
                )
            )
    insert(made)


def effective(people: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """The versions each of these people was told of, on any record, and had time to refuse."""
    rows = Person.objects.filter(
        id__among=people, root__family__told__opens_at__lte=clock.now()
    ).values_list("id", "root__family__told__version")
    found: dict[UUID, set[str]] = {}
    for person, version in rows:
        found.setdefault(person, set()).add(version)
    return {person: frozenset(told) for person, told in found.items()}


def origins_told(purpose: str, to: str, people: Collection[UUID]) -> dict[UUID, Origins]:
    """What opens to each of these people's data beyond where it was collected for the purpose."""
    wider = versions.widened(purpose, to)
    if not any(wider.values()) or not Told.objects.exists():
        return {}
    sets: dict[frozenset[str], Origins] = {}
    found = {}
    for person, told in effective(people).items():
        if told not in sets:
            sets[told] = NOTHING.union(*(wider.get(version, NOTHING) for version in told))
        if sets[told]:
            found[person] = sets[told]
    return found
