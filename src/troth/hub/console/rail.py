"""The rail: which parts of the console there are.

A part joins with a module ``console`` holding ``RAIL``, a list of mappings: key (the letter after
`g`), label, icon, url (its name), need (as in PERMISSIONS), order, and perhaps count(request)
and where(), which says whether the organisation has the part.
It may also hold ``waiting(request)``: mappings of text, url, due (a date) and clause for the home.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import module_has_submodule

from troth.core.notices.versions import PolicyMissing
from troth.kit.permissions import STAFF
from troth.kit.shell import RailItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a part's RAIL."""

    key: str
    label: str
    icon: str
    url: str
    need: str = STAFF
    order: int = 50
    count: Callable[[Any], int] | None = None
    where: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for the staff."""

    text: str
    url: str
    due: date | None = None
    clause: str = ""


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(
        import_module(f"{config.name}.console")
        for config in apps.get_app_configs()
        if config.name.startswith("troth.") and module_has_submodule(config.module, "console")
    )


@cache
def entries() -> tuple[Entry, ...]:
    """All lines of all parts, in the order in which the rail shows them."""
    lines: list[Mapping[str, Any]] = [
        line for module in _modules() for line in getattr(module, "RAIL", ())
    ]
    return tuple(sorted((Entry(**line) for line in lines), key=lambda entry: entry.order))


def may(request: Any, need: str) -> bool:
    """Whether the member may open what has this need."""
    return need == STAFF or need in request.actor.abilities


def _has(entry: Entry) -> bool:
    """Whether the organisation has the part: without a policy, none that stands on a clause."""
    try:
        return entry.where is None or entry.where()
    except PolicyMissing:
        return False


def items(request: Any) -> Iterator[RailItem]:
    """The rail of this member: what their role opens, and nothing else."""
    longest = ""
    found: list[tuple[Entry, str]] = []
    for entry in entries():
        if not may(request, entry.need) or not _has(entry):
            continue
        try:
            url = reverse(entry.url)
        except NoReverseMatch:  # the part is installed but not mounted on this site
            continue
        found.append((entry, url))
        if request.path.startswith(url) and len(url) > len(longest):
            longest = url
    for entry, url in found:
        count = entry.count(request) if entry.count else 0
        yield RailItem(entry.key, entry.label, entry.icon, url, url == longest, count)


def waiting(request: Any) -> list[Waiting]:
    """What waits in all parts, soonest first."""
    found = [Waiting(**one) for part in _modules() for one in _asked(part, request)]
    return sorted(found, key=lambda one: one.due or date.max)


def _asked(part: ModuleType, request: Any) -> Iterable[Mapping[str, Any]]:
    ask: Callable[[Any], Iterable[Mapping[str, Any]]] | None = getattr(part, "waiting", None)
    try:
        return list(ask(request)) if ask else ()
    except PolicyMissing:
        return ()
