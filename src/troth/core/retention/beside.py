"""Personal fields that are not elements: rows of a person in other tables, found from the models.

They are ended by the clause for their category, as rows. What belongs to nobody yet has an expiry
of its own, which its part registers here in words; the page of retention lists it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from troth.core.notices.versions import Published
from troth.core.people.models import Element
from troth.core.retention.models import Hold
from troth.core.retention.schedules import over
from troth.core.rights.own.holdings import Holding, holdings
from troth.core.sealing.fields import SealedField
from troth.policy.blocks import Keep

_expiries: Final[dict[str, str]] = {}


def expires(label: str, words: str) -> None:
    """Say of a model, or of something in no table, that it goes by itself, and when."""
    _expiries[label] = words


def expiries() -> Mapping[str, str]:
    """What goes by itself, by label."""
    return MappingProxyType(_expiries)


@dataclass(frozen=True, slots=True)
class Beside:
    """Rows of one table that hold a personal field, and the clause that ends them."""

    holding: Holding
    keep: Keep
    category: str

    def due(self, published: Published, now: Any) -> QuerySet[Any]:
        path = self.holding.path
        rows = self.holding.model._default_manager.filter(
            over(self.keep, published, now, person=path, since=_since(self.holding.model))
        )
        return rows.filter(~held_person(now, path))


def held_person(now: Any, path: str) -> Any:
    """Holds on single people and on everything; those on a place say nothing of other tables."""
    standing = Hold.objects.filter(Hold.standing(now))
    return Exists(standing.filter(person__root=OuterRef(f"{path}__root")))


def beside(published: Published) -> list[Beside]:
    """Every table that holds a personal field of somebody's, with the clause for its category."""
    found = []
    for holding in holdings():
        if holding.model is Element:
            continue
        for category in _categories(holding.model):
            keep = published.rules.keep(category)
            if keep is not None:
                found.append(Beside(holding, keep, category))
    return found


def _categories(model: type[models.Model]) -> list[str]:
    fields = [field for field in model._meta.local_fields if isinstance(field, SealedField)]
    found = dict.fromkeys(field.category for field in fields)
    return [one for one in found if one.startswith("user")]


def _since(model: type[models.Model]) -> str:
    """The time that the row is from: its first field of a time that is always there."""
    times = (f for f in model._meta.local_fields if isinstance(f, models.DateTimeField))
    return next((field.name for field in times if not field.null), "")
