"""Objection, withdrawal, removal from lists, restriction: data stays, and is not used."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.choices.objecting import object_to_sharing
from troth.core.gate.manners import recipient
from troth.core.gate.models import Permit, Stance
from troth.core.gate.permits import lock, settle, standing_of
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.rights import acts, kinds
from troth.core.rights.asking import by_staff
from troth.core.rights.sources import Left
from troth.policy import Rules

WAY = "request"
WORKER = Actor.system("rights")


def refusals(kind: str, person: Person, purposes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Purpose and manner of each no that a request is. Without purposes an objection is to all
    that may be objected to, and a withdrawal takes back every yes.
    """
    rules = current().rules
    if kind == kinds.REMOVAL:
        yield from _public(rules)
    elif purposes:
        yield from ((key, "") for key in purposes if _refusable(rules, key))
    elif kind == kinds.WITHDRAWAL:
        stances = standing_of(person.root_id).stances
        for (purpose, manner), stance in stances.items():
            if stance.decision == Stance.Decision.GIVEN and _refusable(rules, purpose):
                yield purpose, manner
    else:
        yield from ((key, "") for key in rules.purposes if _refusable(rules, key))


def refuse_all(kind: str, person: Person, purposes: tuple[str, ...]) -> int:
    """Say the no for the person. Returns how many choices that made."""
    made = 0
    with transaction.atomic():
        if kind == kinds.OBJECTION and not purposes:
            made += refuse_solicitation(person, actor=WORKER, refused=True, way=WAY) is not None
            made += len(object_to_sharing(person, actor=WORKER, way=WAY))
        for purpose, manner in list(refusals(kind, person, purposes)):
            said = choose(person, actor=WORKER, purpose=purpose, yes=False, way=WAY, manner=manner)
            made += said is not None
    return made


def not_refused(kind: str, person: Person, purposes: tuple[str, ...]) -> list[Left]:
    """Read back: which no does not stand."""
    stances = standing_of(person.root_id).stances
    found = [
        purpose
        for purpose, manner in refusals(kind, person, purposes)
        if (stance := stances.get((purpose, manner))) is None
        or stance.decision != Stance.Decision.REFUSED
    ]
    return [Left("gate.Stance", purpose, 1) for purpose in found]


def restrict(person: Person) -> int:
    """Keep all and use nothing. Returns how many permits were open."""
    with transaction.atomic():
        lock(person.root_id)
        open_ones = Permit.objects.filter(
            person__root_id=person.root_id, usable_from__isnull=False
        ).count()
        changed = Person.objects.filter(pk=person.root_id, restricted_at=None).update(
            restricted_at=clock.now()
        )
        settle(person.root_id, current().rules)
        if changed:
            _record(acts.RESTRICTED, person, WORKER)
    return open_ones


@action
def release(person: Person, *, actor: Actor) -> None:
    """Lift a restriction. People are told before (GDPR, article 18(3)); the caller sees to it."""
    by_staff(actor)
    lock(person.root_id)
    Person.objects.filter(root_id=person.root_id).update(restricted_at=None)
    settle(person.root_id, current().rules)
    _record(acts.RELEASED, person, actor)


def still_used(person: Person) -> list[Left]:
    """Read back: permits that are open in spite of a restriction."""
    rows = Permit.objects.filter(person__root_id=person.root_id, usable_from__isnull=False).count()
    restricted = Person.objects.filter(root_id=person.root_id, restricted_at__isnull=False).exists()
    rows += not restricted
    return [Left("gate.Permit", "usable_from", rows)] if rows else []


def _public(rules: Rules) -> Iterator[tuple[str, str]]:
    """Giving data to everybody, by the clauses that do; where some of them leave a choice, by those
    alone: to be taken off a list is not to have one's words taken out of a forum.
    """
    open_ones = [share for share in rules.policy.shares if share.choice != "none"]
    named = {party for share in open_ones for party in share.recipients}
    chosen = any(rules.recipients[party].kind == "public" for party in named)
    for share in open_ones if chosen else rules.policy.shares:
        for party in share.recipients:
            if rules.recipients[party].kind == "public":
                for purpose in share.purposes:
                    yield purpose, recipient(party)


def _refusable(rules: Rules, purpose: str) -> bool:
    found = rules.purposes.get(purpose)
    return found is not None and found.basis not in ("essential", "prohibited")


def _record(act: str, person: Person, actor: Actor) -> None:
    record(
        act=act,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        version=current().version,
    )
