"""Personal fields that are not elements: rows of a person in other tables, found from the models.

They are ended by the clause for their category, as rows. What belongs to nobody yet has an expiry
of its own, which its part registers here in words; the page of retention lists it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from troth.core.notices.versions import Published
from troth.core.people.models import Element
from troth.core.retention.models import Hold
from troth.core.retention.schedules import keeps_for, over
from troth.core.rights.own.holdings import Holding, holdings
from troth.core.sealing.fields import SealedField
from troth.policy.blocks import Keep

_expiries: Final[dict[str, str]] = {}
_places: Final[dict[str, str]] = {}


def expires(label: str, words: str) -> None:
    """Say of a model, or of something in no table, that it goes by itself, and when."""
    _expiries[label] = words


def came_in(label: str, path: str) -> None:
    """Say by which path a model's rows lead to the touchpoint they came in at: what a clause says
    of that place then holds for them.
    """
    _places[label] = path


def expiries() -> Mapping[str, str]:
    """What goes by itself, by label."""
    return MappingProxyType(_expiries)


@dataclass(frozen=True, slots=True)
class Beside:
    """Rows of one table that hold a personal field, and the clause that ends them."""

    holding: Holding
    keeps: tuple[Keep, ...]
    category: str
    where: Q = field(default_factory=Q)

    @property
    def keep(self) -> Keep:
        """The clause it ends under: the one that keeps longest."""
        return max(self.keeps, key=lambda keep: keep.period.length)

    def due(self, published: Published, now: Any) -> QuerySet[Any]:
        path, rows = self.holding.path, self.rows()
        since = _since(self.holding.model)
        for keep in self.keeps:
            rows = rows.filter(over(keep, published, now, person=path, since=since))
        return rows.filter(~held_person(now, path))

    def rows(self) -> QuerySet[Any]:
        return self.holding.model._default_manager.filter(self.where)


def held_person(now: Any, path: str) -> Any:
    """Holds on single people and on everything; those on a place say nothing of other tables."""
    standing = Hold.objects.filter(Hold.standing(now))
    return Exists(standing.filter(person__root=OuterRef(f"{path}__root")))


def beside(published: Published) -> list[Beside]:
    """Every table that holds a personal field of somebody's, with the clause for its category."""
    found: list[Beside] = []
    for holding in holdings():
        if holding.model is Element:
            continue
        for category in _categories(holding.model):
            if holding.label in _places:
                found += _by_place(published, holding, category, _places[holding.label])
                continue
            keep = published.rules.keep(category)
            if keep is not None:
                found.append(Beside(holding, (keep,), category))
    return found


def _by_place(published: Published, holding: Holding, category: str, path: str) -> Iterator[Beside]:
    """Rows whose touchpoint is known, as elements from there are kept."""
    manager = holding.model._default_manager
    for place in manager.order_by().values_list(path, flat=True).distinct():
        keeps, gap = keeps_for(published.rules, place or "", category)
        if keeps and not gap:
            yield Beside(holding, keeps, category, Q(**{path: place}))


def _categories(model: type[models.Model]) -> list[str]:
    fields = [field for field in model._meta.local_fields if isinstance(field, SealedField)]
    found = dict.fromkeys(field.category for field in fields)
    return [one for one in found if one.startswith("user")]


def _since(model: type[models.Model]) -> str:
    """The time that the row is from: its first field of a time that is always there."""
    times = (f for f in model._meta.local_fields if isinstance(f, models.DateTimeField))
    return next((field.name for field in times if not field.null), "")
