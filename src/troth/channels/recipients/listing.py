"""What a list for a recipient would hold: columns, those stripped, people, those left out and why.

Nothing is opened here. Who is in it, and with which of the columns, is worked out category by
category: somebody may have given a telephone number for the purpose and somebody else none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from troth.core import clock
from troth.core.gate.audiences import audience, tellable
from troth.core.gate.deciding import ASKED_BEFORE
from troth.core.gate.models import Permit
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.recipients.foretelling import windows_kept
from troth.core.recipients.models import Foretold
from troth.policy import Rules, taxonomy

REASONS = {
    "restricted": "asked to have their data kept and not used",
    "refused": "refused",
    "no-opt-in": "did not say the yes it needs",
    "not-told": "were not told before",
    "recipient-window": "were told, and still have time to refuse",
    "gave-otherwise": "gave their data under a version that did not name this recipient",
}
"""Why somebody whose data is held for the purpose is not in a list, in words."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would hold now."""

    columns: tuple[str, ...]
    stripped: Mapping[str, str]
    """Category to the clause that forbids it; "" where no clause gives it."""
    clause: str
    groups: Mapping[tuple[str, ...], frozenset[UUID]]
    """The records whose data goes, by the columns that go of each."""
    left_out: Mapping[str, int]
    people: int


def categories_held() -> list[str]:
    """All categories of which anything is held: what may be asked for."""
    found = Element.objects.filter(category__startswith="user.").order_by("category")
    return list(found.values_list("category", flat=True).distinct())


def known(asked: Iterable[str]) -> list[str]:
    """Those of the columns asked for that are any."""
    return [key for key in dict.fromkeys(asked) if key in taxonomy.categories()]


def plan(to: str, purpose: str, asked: Sequence[str]) -> Plan:
    """What a list of these columns would hold. Columns the clause does not give are stripped."""
    rules = current().rules
    answers = {key: rules.find("share", purpose, key, to) for key in asked}
    used = {key: rules.find("use", purpose, key) for key in asked}
    columns = tuple(
        key
        for key in asked
        if answers[key].allowed and used[key].allowed and not answers[key].aggregate
    )
    stripped = {key: answers[key].clause for key in asked if key not in columns}
    groups = _groups(to, purpose, columns)
    inside = _humans({person for group in groups.values() for person in group})
    left_out = _left_out(to, purpose, columns, rules, inside)
    clause = answers[columns[0]].clause if columns else ""
    return Plan(columns, stripped, clause, groups, left_out, len(inside))


def asks_each(to: str, purpose: str, columns: Iterable[str]) -> bool:
    """Whether the clause needs each person's yes, so that each is opened singly."""
    find = current().rules.find
    return any(find("share", purpose, key, to).choice in ASKED_BEFORE for key in columns)


def _groups(
    to: str, purpose: str, columns: Sequence[str]
) -> dict[tuple[str, ...], frozenset[UUID]]:
    of: dict[UUID, list[str]] = {}
    for key in columns:
        found = audience(purpose=purpose, data=[key], to=to)
        for person in found.values_list("person_id", flat=True):
            of.setdefault(person, []).append(key)
    groups: dict[tuple[str, ...], set[UUID]] = {}
    for person, keys in of.items():
        groups.setdefault(tuple(keys), set()).add(person)
    return {keys: frozenset(people) for keys, people in groups.items()}


def _humans(people: Collection[UUID]) -> set[UUID]:
    """The humans behind these records."""
    return (
        set(Person.objects.filter(id__among=people).values_list("root_id", flat=True))
        if people
        else set()
    )


def _left_out(
    to: str, purpose: str, columns: Sequence[str], rules: Rules, inside: set[UUID]
) -> dict[str, int]:
    """How many humans whose data is held for the purpose are not in it, by the first reason."""
    if not columns:
        return {}
    held = Permit.objects.filter(purpose=purpose, category__in=columns)
    humans = set(held.values_list("person__root_id", flat=True)) - inside
    if not humans:
        return {}

    def among(permits: Iterable[UUID]) -> set[UUID]:
        return humans & set(permits)

    usable = held.filter(Permit.usable(clock.now())).values_list("person__root_id", flat=True)
    asks = held.filter(state=Permit.State.AWAITING).values_list("person__root_id", flat=True)
    restricted = Person.objects.filter(restricted_at__isnull=False)
    told = Foretold.objects.filter(recipient=to, purpose=purpose)
    over = told.filter(Q(opens_at__lte=clock.now()))
    willing = tellable(purpose=purpose, to=to).values_list("person__root_id", flat=True)
    windowed = not all(windows_kept(rules.find("share", purpose, key, to)) for key in columns)
    sets = {
        "restricted": among(restricted.values_list("root_id", flat=True)),
        "no-opt-in": among(asks) - among(usable),
        "refused": humans - among(willing),
    }
    if asks_each(to, purpose, columns):
        ripe = audience(purpose=purpose, data=columns[:1], to=to, met=_windows(rules, to, purpose))
        sets["no-opt-in"] |= among(willing) - among(ripe.values_list("person__root_id", flat=True))
    if windowed:
        sets["not-told"] = humans - among(told.values_list("person__root_id", flat=True))
        sets["recipient-window"] = humans - among(over.values_list("person__root_id", flat=True))
    counts: Counter[str] = Counter()
    for human in humans:
        counts[next((reason for reason in sets if human in sets[reason]), "gave-otherwise")] += 1
    return dict(counts)


def _windows(rules: Rules, to: str, purpose: str) -> set[str]:
    return {
        f"window:{share.window}"
        for share in rules.policy.shares
        if share.window and to in share.recipients and purpose in share.purposes
    }
