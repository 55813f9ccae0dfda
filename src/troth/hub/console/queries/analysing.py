"""What is held, as figures for analysis: no identifier, no words, no reference, no small group."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings

from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.gate.denials import Attempt, UseDenied, refuse
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.rights.tallies import SMALLEST
from troth.hub.console.queries import contents
from troth.hub.console.queries.groups import Row, merged
from troth.hub.console.wording import category
from troth.policy import taxonomy
from troth.policy.blocks import Purpose
from troth.policy.taxonomy import covers

ANALYSES: Final = (
    "analytics",
    "essential.service.operations.improve",
    "functional.service.improve",
)
"""The uses that a purpose of analysis or research has."""
TELLING: Final = (
    *("user.behavior", "user.demographic", "user.job_title", "user.location.imprecise"),
    *("user.device", "user.telemetry", "user.account.settings"),
)
"""Categories that say something of people without saying who: all others stay out."""
NAMING: Final = (
    *("user.device.cookie", "user.device.cookie_id", "user.device.device_id"),
    *("user.device.ip_address", "user.demographic.date_of_birth", "user.demographic.profile"),
)
HEAD: Final = ("People", "Where", "Month")
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A category that may be analysed, and of how many people it may be."""

    category: str
    words: str
    people: int


def is_analysis(purpose: Purpose) -> bool:
    """Whether the policy's purpose is one of analysis or research."""
    return any(covers(use, purpose.use) for use in ANALYSES)


def tells(key: str) -> bool:
    """Whether values of a category may be told at all, in groups."""
    inside = any(covers(one, key) for one in TELLING)
    return inside and not any(covers(one, key) for one in NAMING)


def smallest(purpose: str) -> int:
    """Of how many people a group has to be: what the policy says of figures for the purpose, or the
    setting ``smallest_group``, whichever is more.
    """
    home = getattr(settings, "HOME", None)
    said = int(home.option("smallest_group", str(SMALLEST))) if home else SMALLEST
    shares = (one for one in current().policy.shares if purpose in one.purposes)
    return max(2, said, *(one.aggregate or 0 for one in shares))


def columns(purpose: str) -> list[Column]:
    """What is held that the purpose may use and that names nobody. Nothing is opened."""
    rules, found = current().rules, []
    for key in _held():
        if tells(key) and rules.find("use", purpose, key).allowed:
            number = audience(purpose=purpose, data=[key]).values("person__root_id").distinct()
            found.append(Column(key, category(key), number.count()))
    return found


def staying(purpose: str) -> list[str]:
    """The categories held that stay out, in words."""
    told = {column.category for column in columns(purpose)}
    return [category(key) for key in _held() if key not in told]


def table(
    purpose: Purpose, *, actor: Actor, asked: Collection[str]
) -> tuple[list[str], Iterator[list[str]]]:
    """The head and one row for each group. One bulk use of those who gave all of the columns.

    Raises `UseDenied` for a purpose that is none of analysis, and for a category that could name
    somebody; `Invalid` where too few gave all of it.
    """
    _check(purpose, actor, asked)
    keys, least = sorted(asked), smallest(purpose.key)
    with uses.use_audience(actor=actor, purpose=purpose.key, data=keys) as opening:
        found = merged(_rows(keys, list(opening.whom)), least)
    if not found:
        raise Invalid(
            f"Fewer than {least} people gave all of this, so there are no figures.",
            why="A smaller group could tell who is in it.",
            do="Tick fewer columns, or wait until there are more people.",
        )
    lines = sorted(found.items(), key=lambda line: (-line[1], line[0]))
    return [*HEAD, *map(category, keys)], ([str(number), *cells] for cells, number in lines)


def _check(purpose: Purpose, actor: Actor, asked: Collection[str]) -> None:
    if not asked or (set(asked) - set(_held()) - set(taxonomy.categories())):
        raise Invalid("Tick at least one of the columns of the page.")
    if not is_analysis(purpose):
        raise _denied(purpose, actor, asked, "not-analysis", "It is for a purpose of analysis.")
    for key in sorted(asked):
        if contents.is_contents(key):
            raise contents.denied(key, purpose=purpose.key, actor=actor)
        if not tells(key):
            raise _denied(purpose, actor, [key], "identifies", "It could tell who somebody is.")


def _denied(
    purpose: Purpose, actor: Actor, asked: Collection[str], reason: str, why: str
) -> UseDenied:
    tried = Attempt(
        *(actor, "use", purpose.key, tuple(sorted(asked))),
        version=current().version,
        reason=reason,
    )
    return refuse(
        UseDenied(
            "This is in no export for analysis.",
            why=why,
            do="Pick a purpose of analysis or research, and columns of the page.",
            clause=purpose.clause,
            attempt=tried,
        )
    )


def _rows(keys: list[str], people: list[UUID]) -> Iterator[tuple[UUID, Row]]:
    """What each came with, coarsened: whose it is, and the cells. A value opens to words of at most
    one line; what was given for something else, or is longer, is no part of it.
    """
    roots = dict(Person.objects.values_list("pk", "root_id"))
    places, texts = current().rules.touchpoints, _long()
    for start in range(0, len(people), BATCH):
        held = Element.objects.filter(
            category__in=keys, person_id__in=people[start : start + BATCH]
        )
        came: dict[tuple[UUID, UUID], dict[str, str]] = {}
        about: dict[tuple[UUID, UUID], Row] = {}
        for element in held.order_by("collected_at", "id"):
            value = element.value
            if element.name in texts or not isinstance(value, str):
                continue
            unit = (roots[element.person_id], element.record or element.pk)
            came.setdefault(unit, {})[element.category] = " ".join(value.casefold().split())
            place = places.get(element.touchpoint)
            about[unit] = (place.title if place else "", f"{element.collected_at:%Y-%m}")
        for unit, cells in came.items():
            yield unit[0], (*about[unit], *(cells.get(key, "") for key in keys))


def _long() -> set[str]:
    """The elements of the policy that hold texts of several lines."""
    return {key for key, element in current().policy.elements.items() if element.multiline}


def _held() -> list[str]:
    return list(Element.objects.order_by("category").values_list("category", flat=True).distinct())
