"""Merging two records of one human, and taking them apart again.

Nothing is copied: one record is pointed at the other, and each row keeps the record it came with.
Undoing a merge therefore gives back exactly what was there. Permits are settled over the family,
so a refusal on either record holds for the human.
"""

from __future__ import annotations

from collections.abc import Callable

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.permits import lock, settle
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people import acts, standings
from troth.core.people.models import Person

_objections: list[Callable[[Person, Person], None]] = []


def object_to_merges(check: Callable[[Person, Person], None]) -> None:
    """Have `check` called before each merge; it raises `Denied` where the two must stay apart."""
    if check not in _objections:  # `ready()` may run again
        _objections.append(check)


@action
def merge(person: Person, *, into: Person, actor: Actor) -> None:
    """Join the families of two records; `into` is the one they answer to from now on."""
    actor.needs("people.merge")
    if person.root_id == into.root_id:
        raise Invalid("These two records are joined already.")
    for object_to in _objections:
        object_to(person, into)
    for root_id in sorted((person.root_id, into.root_id)):
        lock(root_id)
    root = Person.objects.get(pk=person.root_id)
    root.merged_into = into
    root.save(update_fields=["merged_into"])
    Person.objects.filter(root_id=root.pk).update(root_id=into.root_id)
    settle(into.root_id, current().rules)
    _record(acts.MERGED, root, actor)
    firm = standings.firmer(root.standing, into.root.standing)
    standings.move(into.root, firm, actor=actor, cause="merged")


@action
def unmerge(person: Person, *, actor: Actor) -> None:
    """Undo the merge of `person` into another record."""
    actor.needs("people.merge")
    if person.merged_into_id is None:
        raise Invalid("This record was not joined to another.")
    old_root = person.root_id
    person.merged_into = None
    person.save(update_fields=["merged_into"])
    branch, found = [person.pk], [person.pk]
    while found:
        found = list(Person.objects.filter(merged_into_id__in=found).values_list("pk", flat=True))
        branch += found
    Person.objects.filter(pk__in=branch).update(root_id=person.pk)
    rules = current().rules
    settle(old_root, rules)
    settle(person.pk, rules)
    _record(acts.UNMERGED, person, actor)


def _record(act: str, person: Person, actor: Actor) -> None:
    record(
        act=act,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        version=current().version,
    )
