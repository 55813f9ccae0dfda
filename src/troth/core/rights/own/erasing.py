"""Erasing a person here: what stays is sealed anew, the keys go, then the rows.

Each step is safe to repeat after a kill at any point in it (docs/adr/0017).
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction

from troth.core import clock
from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.choices import suppression
from troth.core.choices.models import Suppression
from troth.core.gate.deposits import discard
from troth.core.gate.erasing import last_look, tell_of_erasure
from troth.core.gate.permits import lock
from troth.core.gate.purging import hanging
from troth.core.keyring.models import Key
from troth.core.keyring.opening import Opening
from troth.core.keyring.store import KeyMissing, destroy_person_keys, make_person_keys
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element, Person
from troth.core.people.records import IDENTIFYING
from troth.core.rights import acts
from troth.core.rights.asking import enter
from troth.core.rights.ending import empty_log, end
from troth.core.rights.models import Event, Request
from troth.core.rights.moving import close
from troth.core.rights.own.holdings import with_rows
from troth.core.rights.own.keeping import fates
from troth.core.rights.sources import Left, Subject
from troth.core.sealing.blind import mark

ACT: Final = "erasure"
WORKER: Final = Actor.system("rights")


def destroy_keys(subject: Subject) -> int:
    """The first durable step: from here on nobody reads what goes, in no copy either.

    What a clause keeps was sealed anew before, under a key of its own that stays. That key is
    durable before the rows are, and the rows before the old key goes.
    """
    people = frozenset(subject.records)
    with transaction.atomic():
        request = Request.objects.get(pk=subject.request)
        prepare(people, request.clause)
        if not Event.objects.filter(request=request, what="erased").exists():
            enter(request, acts.ERASED, actor=WORKER)
        others = _overtaken(people, request)
    for other in others:
        discard(other)
    return destroy_person_keys(people, current_organisation_id(), act=ACT, but=keys_left(people))


def _overtaken(people: frozenset[UUID], request: Request) -> list[UUID]:
    """Other requests of theirs: what they say goes too, and nothing is left to be done for them."""
    others = Request.objects.filter(person__id__among=people).exclude(pk=request.pk)
    for other in others.exclude(state__in=Request.ENDED):
        close(other, Request.State.WITHDRAWN, "erased")
        enter(other, acts.WITHDRAWN, actor=WORKER)
    others.update(content=None, emptied_at=clock.now())
    return list(others.values_list("pk", flat=True))


def prepare(people: frozenset[UUID], clause: str) -> None:
    """All that needs the values once more: hooks, the digests that keep a no, what stays."""
    roots = Person.objects.filter(pk__among=people, merged_into=None)
    for person in roots:
        lock(person.pk)
        with last_look(people, clause) as opening:
            with suppress(KeyMissing):  # done again: the keys are gone, and this was done before
                tell_of_erasure(person)
                suppression.remember(person)
            _seal_anew(fates(people).locked, opening)


def _seal_anew(kept: list[Element], opening: Opening) -> None:
    """Give what stays a key that seals nothing else, and lock it."""
    mine: dict[UUID, list[Element]] = defaultdict(list)
    for element in kept:
        mine[element.person_id].append(element)
    for owner, elements in mine.items():
        values = [(element, element.value) for element in elements]
        make_person_keys([owner], current_organisation_id(), opening)
        for element, value in values:
            element.value = value
            element.save(update_fields=["value", "index"])
    Element.objects.filter(pk__among=Ids(element.pk for element in kept)).update(
        locked_at=clock.now(), index=None, identifies=False
    )


def keys_left(people: frozenset[UUID]) -> list[UUID]:
    """The keys of what stays."""
    kept = Element.objects.filter(person__id__among=people, locked_at__isnull=False)
    found = {value.key_id for value in kept.values_list("value", flat=True)}
    return [UUID(bytes=key) for key in found]


def remove_rows(people: frozenset[UUID]) -> int:
    """Remove all rows of these records, but what is locked and what it hangs on."""
    with transaction.atomic():
        found = fates(people)
        gone = end(_these(found.depersonalised), then="depersonalise", clause="")
        gone += end(_these(found.erased), then="erase", clause="")
        mine = Person.objects.filter(pk__among=people)
        if found.locked:
            gone += _remove_beside(people)
            mine.update(state=Person.State.ANONYMOUS, restricted_at=None)
        else:
            mine.update(merged_into=None)
            gone += mine.delete()[0]
        transaction.on_commit(empty_log)
    return gone


def erase_again(people: frozenset[UUID]) -> int:
    """Erase people whose keys went after the backup was taken that is being restored."""
    found = Person.objects.filter(pk__among=people).count()
    prepare(people, "")
    remove_rows(people)
    return found


def _these(elements: list[Element]) -> Any:
    return Element.objects.filter(pk__among=Ids(element.pk for element in elements))


def _remove_beside(people: frozenset[UUID]) -> int:
    """What hangs on records that stay for the sake of something locked."""
    gone = 0
    for relation in hanging():
        model: Any = relation.related_model
        if model is Person or model is Element or model._meta.label == "gate.Permit":
            continue
        rows = model._default_manager.filter(**{f"{relation.field.name}__id__among": people})
        if relation.on_delete is models.SET_NULL:
            rows.update(**{relation.field.name: None})
        else:
            gone += rows.delete()[0]
    return gone


def check(subject: Subject) -> list[Left]:
    """Read back: keys, rows and references of somebody who should be gone."""
    people = frozenset(subject.records)
    left = _keys(people)
    kept = Element.objects.filter(person__id__among=people, locked_at__isnull=False)
    if not kept.exists():
        left += _left("people.Person", "", Person.objects.filter(pk__among=people).count())
    for holding in with_rows(people):
        rows = holding.rows(people)
        if holding.model is Element:
            rows = rows.filter(locked_at=None)
        elif holding.label == "gate.Permit":
            rows = rows.exclude(category__in=kept.values("category"))
        left += _left(holding.label, "", rows.count())
    left += _left(
        "rights.Request", "person", Request.objects.filter(person__id__among=people).count()
    )
    return left + _not_remembered(subject)


def _keys(people: frozenset[UUID]) -> list[Left]:
    kept = keys_left(people)
    keys = Key.objects.filter(
        owner__among=people, organisation=current_organisation_id(), kind=Key.Kind.PERSON
    )
    left = _left("keyring.Key", "", keys.exclude(pk__in=kept).count())
    return left + _left("keyring.Key", "kept", len(kept) - keys.filter(pk__in=kept).count())


def _not_remembered(subject: Subject) -> list[Left]:
    """Addresses that an import could bring back, since no digest of them stands."""
    left = 0
    with last_look(frozenset(subject.records), "") as opening:
        for category in IDENTIFYING & subject.identifiers.keys():
            for text in subject.identifiers[category]:
                digest = mark(opening, category, text)
                left += not Suppression.objects.filter(digest=digest).exists()
    return _left("choices.Suppression", "", left)


def _left(place: str, field: str, rows: int) -> list[Left]:
    return [Left(place, field, rows)] if rows else []
