"""The keep clauses as schedules: which values they cover, and since when each is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from troth.core.notices.versions import Published
from troth.core.people.models import Element, Person
from troth.core.retention.models import Closing, Hold
from troth.core.retention.moments import latest_start
from troth.policy import Rules
from troth.policy.blocks import Keep
from troth.policy.taxonomy import covers

Pair = tuple[str, str]
"""Touchpoint and category."""
NEVER: Final = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Schedule:
    """Values from the same places that the same clauses keep. All of their periods have to be over;
    the longest names the clause they end under, and what happens then.
    """

    keeps: tuple[Keep, ...]
    pairs: tuple[Pair, ...]
    purposes: tuple[str, ...]

    @property
    def last(self) -> Keep:
        return max(self.keeps, key=lambda keep: keep.period.length)

    @property
    def why(self) -> str:
        return f"kept {self.last.period}"


def keeps_for(rules: Rules, touchpoint: str, category: str) -> tuple[tuple[Keep, ...], bool]:
    """The clauses that keep a value, one for each purpose it serves; and whether a purpose has
    none, so that no end can be told.
    """
    purposes = purposes_for(rules, touchpoint, category)
    found = [rules.keep(category, touchpoint, purpose) for purpose in purposes or ("",)]
    keeps = tuple(dict.fromkeys(keep for keep in found if keep is not None))
    return keeps, None in found


def purposes_for(rules: Rules, touchpoint: str, category: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            purpose
            for block in rules.policy.collects
            if block.at == touchpoint
            and any(covers(rules.category(name), category) for name in block.everything)
            for purpose in block.purposes
        )
    )


def schedules(rules: Rules, pairs: Iterable[Pair]) -> tuple[list[Schedule], list[Pair]]:
    """The schedules of these places and categories; and those that no clause gives an end."""
    groups: dict[tuple[tuple[Keep, ...], tuple[str, ...]], list[Pair]] = {}
    endless: list[Pair] = []
    for pair in pairs:
        keeps, gap = keeps_for(rules, *pair)
        if gap or not keeps:
            endless.append(pair)
            continue
        # Only a clause about the end of a purpose asks which purposes they are.
        asks = any(keep.period.after == "purpose end" for keep in keeps)
        key = (keeps, purposes_for(rules, *pair) if asks else ())
        groups.setdefault(key, []).append(pair)
    return [Schedule(keeps, tuple(p), served) for (keeps, served), p in groups.items()], endless


def due(schedule: Schedule, published: Published, now: datetime) -> QuerySet[Element]:
    """The values of a schedule that are due, without those under a hold."""
    places = Q()
    by_place: dict[str, list[str]] = {}
    for touchpoint, category in schedule.pairs:
        by_place.setdefault(touchpoint, []).append(category)
    for touchpoint, categories in by_place.items():
        places |= Q(touchpoint=touchpoint, category__in=categories)
    found = Element.objects.filter(places)
    for keep in schedule.keeps:
        found = found.filter(over(keep, published, now, schedule.purposes))
    if schedule.last.then == "lock":
        found = found.filter(locked_at=None)
    return found.filter(~held(now))


def over(
    keep: Keep,
    published: Published,
    now: datetime,
    purposes: tuple[str, ...] = (),
    *,
    person: str = "person",
    since: str = "collected_at",
) -> Q:
    """What holds of rows whose period is over. `person` leads from the row to its person, `since`
    names the time it was collected.
    """
    cutoff = latest_start(keep.period, now, published.policy.company.calendar)
    after = keep.period.after or "collection"
    if after == "collection":
        return Q(**{f"{since}__lte": cutoff}) if since else NEVER
    if after == "last contact":
        return Q(**{f"{person}__root__last_contact_at__lte": cutoff})
    ended = Closing.objects.filter(at__lte=cutoff, person__root=OuterRef(f"{person}__root"))
    if after == "contract end":
        return _contract_over(ended, person, cutoff)
    if after == "delivery":
        delivered = ended.filter(what=Closing.What.DELIVERY)
        whole = delivered.filter(record=None)
        return Q(Exists(whole)) | Q(Exists(delivered.filter(record=OuterRef("record"))))
    return _purposes_over(ended, keep.purposes or purposes, published, cutoff)


def _contract_over(ended: QuerySet[Closing], person: str, cutoff: datetime) -> Q:
    """The last contract of a human has ended. Of two records that were joined one may be a current
    client's, or have ended later: that holds for both, and taking them apart brings back the other.
    """
    contracts = Closing.objects.filter(what=Closing.What.CONTRACT)
    later = contracts.filter(at__gt=cutoff, person__root=OuterRef(f"{person}__root"))
    current = Q(**{f"{person}__root__standing": Person.Standing.CURRENT})
    return Q(Exists(ended.filter(what=Closing.What.CONTRACT))) & ~Q(Exists(later)) & ~current


def _purposes_over(
    ended: QuerySet[Closing], purposes: tuple[str, ...], published: Published, cutoff: datetime
) -> Q:
    """All purposes have ended: for the person, or for everybody since the policy dropped them."""
    found = Q()
    standing = [key for key in purposes if key in published.rules.purposes]
    if not standing and published.published_at > cutoff:
        return NEVER
    mine = ended.filter(what=Closing.What.PURPOSE)
    for key in standing:
        found &= Q(Exists(mine.filter(purpose__in=(key, ""))))
    return found


def held(now: datetime, person: str = "person") -> Q:
    """What holds of elements under a legal hold."""
    standing = Hold.objects.filter(Hold.standing(now))
    found = Q(Exists(standing.filter(person__root=OuterRef(f"{person}__root"))))
    for category, touchpoint in standing.filter(person=None).values_list("category", "touchpoint"):
        one = Q()
        if category:
            one &= Q(category=category) | Q(category__startswith=f"{category}.")
        if touchpoint:
            one &= Q(touchpoint=touchpoint)
        found |= one or Q(pk__isnull=False)
    return found
