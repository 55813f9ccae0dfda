"""A person's timeline: what happened with their data, newest first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q

from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.ledger import kinds
from troth.core.ledger.acts import registered
from troth.core.ledger.models import Entry, Pending
from troth.core.ledger.recording import Owner, owner_id
from troth.core.ledger.rolls import entries_about
from troth.core.organisations.scope import scope

_ACTORS = {
    "person": "You",
    "staff": "A member of staff",
    "system": "The system",
    "visitor": "A visitor",
}


Veil = Callable[[frozenset[str]], frozenset[str]]
_veils: list[Veil] = []


def register_veil(silent: Veil) -> None:
    """Have entries whose detail names a case kept from the timeline of whom they are about, for as
    long as `silent` has it among those it is asked about: an order may forbid that they hear of it.
    """
    if silent not in _veils:  # `ready()` may run again
        _veils.append(silent)


def veiled(cases: frozenset[str]) -> frozenset[str]:
    """Those of these cases of which nobody they are about may hear now."""
    return frozenset(case for silent in _veils if cases for case in silent(cases))


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a person reads it. `position` is None while it waits for its place."""

    id: UUID
    position: int | None
    body: Mapping[str, Any]

    @property
    def act(self) -> str:
        return str(self.body["act"])

    @property
    def at(self) -> str:
        return str(self.body["at"])

    @property
    def actor(self) -> Actor:
        return Actor(**self.body["actor"])

    def sentence(self, say: Callable[[str, Any], str] | None = None) -> str:
        """The act's sentence. `say(placeholder, value)` gives the words; `plain` is the default."""
        say = say or plain
        template = registered(self.act).sentence
        return template.format_map({name: say(name, value) for name, value in self.values.items()})

    @property
    def values(self) -> dict[str, Any]:
        """What a sentence may speak of, by placeholder."""
        others = (self.body["count"] or 1) - 1
        return {**self.body, **self.body["detail"], "others": others}


def plain(placeholder: str, value: Any) -> str:
    """Words without knowing any label: the policy's own keys."""
    if placeholder == "actor":
        return _ACTORS[value["kind"]]
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a timeline; `older` continues it, or is None at the end."""

    lines: tuple[Line, ...]
    older: UUID | None


def timeline(
    organisation: Owner, *subjects: str | UUID, before: UUID | None = None, limit: int = 50
) -> Page:
    """What is on the ledger about `subjects` (several when records were merged), newest first,
    with the bulk acts that they were among.

    Acts that wait for their place come first. `before` is the `older` of the page before.
    """
    who = [kinds.reference(subject) for subject in subjects]
    shown: list[Line] = []
    with scope(owner_id(organisation)):
        about = Q(subject__in=who)
        if bulk := entries_about(who):
            about |= Q(pk__among=Ids(bulk))
        source = _lines(about, before, limit + 1)
        # Filled up with what comes next: a short page would tell that something is kept from it.
        while len(shown) <= limit and (some := list(islice(source, limit + 1))):
            hidden = veiled(
                frozenset(str(one.body["detail"]["case"]) for one in filter(_of_case, some))
            )
            shown += [one for one in some if one.body["detail"].get("case") not in hidden]
    older = shown[limit - 1].id if len(shown) > limit else None
    return Page(tuple(shown[:limit]), older)


def _lines(about: Q, before: UUID | None, size: int) -> Iterator[Line]:
    """All there is after `before`, newest first, read `size` at a time."""
    below = before and Entry.objects.filter(pk=before).values_list("position", flat=True).first()
    seen: set[UUID] = set()
    if not isinstance(below, int):
        waiting = Pending.objects.filter(about).order_by("-id")
        if before:
            waiting = waiting.filter(pk__lt=before)
        for pk, body in list(waiting.values_list("pk", "body")):
            seen.add(pk)
            yield Line(pk, None, json.loads(bytes(body)))
        below = None
    entries = Entry.objects.filter(about).order_by("-position")
    while True:
        part = entries if below is None else entries.filter(position__lt=below)
        rows = list(part.values_list("pk", "position", "body")[:size])
        for pk, position, body in rows:
            if pk not in seen:  # it got its place between the two queries
                yield Line(pk, position, json.loads(bytes(body)))
        if len(rows) < size:
            return
        below = rows[-1][1]


def _of_case(line: Line) -> bool:
    return "case" in line.body["detail"]
