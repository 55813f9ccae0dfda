"""Removing elements: the one primitive of erasure and retention. Whole sets at a time.

`erase` removes the rows. `depersonalise` does too, and leaves a number behind (`tallies`). `lock`
keeps the value, takes away what it is found by, and leaves it open for nothing but the purposes
that its keep clause names (`gate.locks`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from troth.core import clock
from troth.core.among import Ids
from troth.core.gate.locks import purposes_left
from troth.core.gate.models import Permit
from troth.core.gate.permits import settle
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.rights import tallies

Then = Literal["erase", "depersonalise", "lock"]
BATCH: Final = 20_000


def end(elements: QuerySet[Element], *, then: Then, clause: str) -> int:
    """Remove, depersonalise or lock these elements. Returns how many. Safe to repeat.

    `clause` is the one it is done under; the caller puts the act on the ledger, in the transaction
    this runs in.
    """
    del clause  # for the caller's entry; here it is asked for so that nothing ends without one
    done = 0
    with transaction.atomic():
        # What is locked already is not locked again, and would be found again and again.
        open_ones = elements.filter(locked_at=None) if then == "lock" else elements
        rows = list(open_ones.order_by().values_list("pk", "person_id"))
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            ids, people = Ids(pk for pk, _ in some), Ids({person for _, person in some})
            chosen = Element.objects.filter(pk__among=ids)
            if then == "lock":
                done += chosen.update(locked_at=clock.now(), index=None, identifies=False)
            else:
                if then == "depersonalise":
                    tallies.count(chosen)
                _let_go(ids)
                done += chosen._raw_delete(chosen.db)  # noqa: SLF001 - what points at it is gone
            _prune(people)
        transaction.on_commit(empty_log)
    return done


def _let_go(ids: Ids) -> None:
    """Remove or undo what points at elements, as the models say."""
    # Also what names no way back ("+"): those are hidden from `related_objects`.
    for relation in Element._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        model: Any = relation.related_model
        field: Any = relation.field
        pointing = model._default_manager.filter(**{f"{field.name}__id__among": ids})
        if field.null and relation.on_delete is models.SET_NULL:
            pointing.update(**{field.name: None})
        else:
            pointing.delete()


def _prune(people: Ids) -> None:
    """Remove permits for categories of which nothing is held any more that they could open."""
    mine = Element.objects.filter(person_id=OuterRef("person_id"), category=OuterRef("category"))
    idle = Permit.objects.filter(person__id__among=people).filter(
        ~Exists(mine.filter(locked_at=None))
    )
    locked = Element.objects.filter(person__id__among=people, locked_at__isnull=False)
    left: dict[str, set[str]] = defaultdict(set)
    for touchpoint, category in locked.values_list("touchpoint", "category").distinct().order_by():
        for purpose in purposes_left(current().rules, touchpoint, category):
            left[purpose].add(category)
    for purpose, categories in left.items():
        kept = Q(purpose=purpose, category__in=categories)
        idle = idle.exclude(kept & Exists(mine.filter(locked_at__isnull=False)))
    if idle._raw_delete(idle.db):  # noqa: SLF001 - nothing points at permits
        _settle_joined(people)


def _settle_joined(people: Ids) -> None:
    """Of records of one human one permit counts: if that one went, another has to."""
    roots: Iterable[UUID] = (
        Person.objects.filter(pk__among=people)
        .annotate(records=Count("root__family"))
        .filter(Q(records__gt=1) | ~Q(root=F("pk")))
        .values_list("root_id", flat=True)
        .distinct()
    )
    for root in roots:
        settle(root, current().rules)


def empty_log() -> None:
    """Have SQLite overwrite removed rows in its log too, unless somebody is reading just then; the
    next writer does it then.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
