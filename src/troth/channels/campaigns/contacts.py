"""Who may be reached by post or by phone for a purpose: counted, and taken out as a file.

The file is made at the moment it is asked for, as one bulk use; nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q

from troth.channels.campaigns.explaining import mark_clause
from troth.core import among, clock  # noqa: F401 - among registers the look-up
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.above import beyond
from troth.core.gate.audiences import audience
from troth.core.gate.manners import DATA
from troth.core.gate.models import Permit, Stance
from troth.core.gate.permits import solicits
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.policy import Rules
from troth.policy.blocks import Purpose
from troth.policy.words import ASKED

WAYS: Final = {"post": "Post", "phone": "Phone"}
NAME: Final = "user.name"
HEADS: Final = {"post": ("Person", "Name", "Address"), "phone": ("Person", "Name", "Phone")}
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Line:
    """Why some are left out: in words, how many, by which clause."""

    label: str
    count: int
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """One purpose by one way: how many of all can be reached, and why the others not."""

    purpose: Purpose
    way: str
    category: str
    total: int
    reached: int
    lines: tuple[Line, ...]


def reaches() -> dict[tuple[str, str], tuple[Purpose, str]]:
    """Each purpose with each way that the policy permits: purpose and way to purpose, category."""
    rules = current().rules
    found = {}
    for key, purpose in rules.purposes.items():
        if not solicits(key, rules) or purpose.basis == "prohibited":
            continue
        for way in WAYS:
            category = DATA[way][0]
            if way in purpose.channels and rules.find("use", key, category).allowed:
                found[key, way] = (purpose, category)
    return found


def reach(key: str, way: str) -> Reach:
    """Count. Raises KeyError for what `reaches` does not list. Nothing is opened."""
    purpose, category = reaches()[key, way]
    rules = current().rules
    total = Person.objects.filter(root_id=F("id"), state=Person.State.IDENTIFIED).count()
    reached = audience(purpose=key, data=[category]).count()
    lines = tuple(line for line in _left_out(key, way, category, rules, total - reached))
    return Reach(purpose, way, category, total, reached, lines)


def rows(key: str, way: str, *, actor: Actor) -> Iterator[tuple[str, str, str]]:
    """The file's rows. One entry on the ledger with the number and a commitment to who they are;
    a name stands there only where the purpose may use it. Raises `UseDenied`.
    """
    category = reaches()[key, way][1]
    with uses.use_audience(actor=actor, purpose=key, data=[category]) as opening:
        people = list(opening.whom)
        contacts = _values(category, people)
    with uses.use_audience(actor=actor, purpose=key, data=[NAME], among=people) as opening:
        names = _values(NAME, list(opening.whom))
    roots = dict(Person.objects.filter(id__among=people).values_list("pk", "root__ref"))
    return ((roots[one], names.get(one, ""), contacts[one]) for one in people if one in contacts)


def _values(category: str, people: list[UUID]) -> dict[UUID, str]:
    """The newest value of each, under an open use."""
    found: dict[UUID, str] = {}
    for start in range(0, len(people), _BATCH):
        held = Element.objects.filter(
            category=category, person_id__in=people[start : start + _BATCH]
        ).order_by("collected_at")
        found |= {one.person_id: one.value for one in held if isinstance(one.value, str)}
    return found


def _left_out(key: str, way: str, category: str, rules: Rules, rest: int) -> Iterator[Line]:
    """The reasons in the order in which they count; the last takes whoever none of them names."""
    people = Person.objects.filter(root_id=F("id"), state=Person.State.IDENTIFIED)
    reached = audience(purpose=key, data=[category]).values("person__root_id")
    left = people.exclude(pk__in=reached)
    clause = rules.purposes[key].clause
    stances = Stance.objects.values("person__root_id")
    said = stances.filter(decision=Stance.Decision.REFUSED, manner__in=("", way))
    held = Element.objects.filter(category=category).values("person__root_id")
    asked = Permit.objects.filter(purpose=key, category=category)
    steps: tuple[tuple[str, Any, str], ...] = (
        (
            "asked to have their data kept and not used",
            Person.objects.filter(restricted_at__isnull=False).values("root_id"),
            next((one.clause for one in rules.policy.rights if one.kind == "restriction"), ""),
        ),
        (
            "asked for no solicitation of any kind",
            said.filter(purpose=Stance.SOLICITATION, manner=""),
            mark_clause(key, rules),
        ),
        (
            f"asked for no solicitation by {WAYS[way].lower()}",
            said.filter(purpose=Stance.SOLICITATION, manner=way),
            mark_clause(key, rules),
        ),
        (
            "asked that nothing is used that the service does not need",
            said.filter(purpose=Stance.COLLECTION if beyond(key, rules) else "", manner=""),
            mark_clause(key, rules),
        ),
        ("said no to this purpose", said.filter(purpose=key, manner=""), clause),
        (
            f"said no to {WAYS[way].lower()} for this purpose",
            said.filter(purpose=key, manner=way),
            clause,
        ),
    )
    for label, which, number in steps:
        if count := left.filter(pk__in=which).count():
            yield Line(label, count, number)
        rest -= count
        left = left.exclude(pk__in=which)
    what = "postal address" if way == "post" else "phone number"
    if count := left.exclude(pk__in=held).count():
        yield Line(f"gave no {what}", count)
    rest -= count
    left = left.filter(pk__in=held)
    if count := left.exclude(pk__in=asked.values("person__root_id")).count():
        yield Line(f"gave their {what} for other purposes", count, clause)
    rest -= count
    left = left.filter(pk__in=asked.values("person__root_id"))
    now = clock.now()
    yes = stances.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        decision=Stance.Decision.GIVEN,
        purpose=key,
        manner__in=("", way),
    )
    waits = asked.filter(state=Permit.State.AWAITING).values("person__root_id")
    asks = rules.find("use", key, category).basis in ASKED
    silent = left.exclude(pk__in=yes) if asks else left.exclude(pk__in=yes).filter(pk__in=waits)
    if count := silent.count():
        yield Line("have not said yes, which this purpose needs", count, clause)
    rest -= count
    told = asked.filter(state=Permit.State.TOLD).values("person__root_id")
    if count := left.exclude(pk__in=silent.values("pk")).filter(pk__in=told).count():
        change = rules.policy.changes[0].clause if rules.policy.changes else ""
        yield Line("were told of this purpose and may still refuse", count, change)
    if rest - count > 0:
        yield Line(f"gave their {what} under an earlier version", rest - count, clause)
