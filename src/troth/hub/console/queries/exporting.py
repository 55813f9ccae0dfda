"""The people as a table, as far as one purpose reaches: each category is one bulk use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from troth.channels.conversations.api import is_said
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.hub.console.queries.people import humans
from troth.hub.console.wording import category

BATCH = 500
HEAD = ("Person", "State", "Last contact")


@dataclass(frozen=True, slots=True)
class Column:
    """One data category: of how many people it is held, and for how many the purpose may use it."""

    category: str
    words: str
    held: int
    allowed: int
    clause: str
    why: str

    @property
    def left_out(self) -> int:
        return self.held - self.allowed


def columns(purpose: str) -> list[Column]:
    """Every category held, with what the purpose may use of it. Nothing is opened."""
    rules = current().rules
    found = []
    for key, places in _places().items():
        rule = rules.find("use", purpose, key)
        held = Element.objects.filter(category=key, touchpoint__in=places)
        of = held.values("person__root_id").distinct().count()
        allowed = _audience(purpose, key) if rule.allowed else set()
        if rule.allowed and key.startswith("user.content"):
            allowed &= set(held.values_list("person_id", flat=True))
        sentence = "" if rule.allowed else rules.explain("use", purpose, key)
        found.append(Column(key, category(key), of, len(allowed), rule.clause, sentence))
    return sorted(found, key=lambda column: (not column.allowed, column.words))


def rows(purpose: str, *, actor: Actor) -> tuple[list[str], Iterator[list[str]]]:
    """The head and the rows. Each category opened is one entry of the ledger, with the number of
    people and a commitment to who they were. Raises `UseDenied`."""
    keys = [column.category for column in columns(purpose) if column.allowed]
    if not keys:  # ask for one, so that the denial is on the ledger and names its clause
        with uses.use_many(actor=actor, purpose=purpose, data=["user.contact"], people=()):
            pass
    cells = {key: _values(key, purpose, actor) for key in keys}
    people = (
        humans()
        .order_by("-last_contact_at", "-id")
        .values_list("pk", "ref", "state", "last_contact_at")
    )
    told = (
        [ref, state, f"{last:%Y-%m-%d}", *("; ".join(cells[key].get(pk, ())) for key in keys)]
        for pk, ref, state, last in people
        if any(pk in cells[key] for key in keys)
    )
    return [*HEAD, *(category(key) for key in keys)], told


def _places() -> dict[str, list[str]]:
    """The categories held, with where they came from; without what was said in conversations,
    which is read there alone.
    """
    found: dict[str, list[str]] = {}
    pairs = Element.objects.order_by("category").values_list("category", "touchpoint").distinct()
    for key, place in pairs:
        if not is_said(place, key):
            found.setdefault(key, []).append(place)
    return found


def _audience(purpose: str, key: str) -> set[object]:
    found = audience(purpose=purpose, data=[key]).values_list("person_id", flat=True)
    return set(found)


def _values(key: str, purpose: str, actor: Actor) -> dict[object, list[str]]:
    """The values of one category by human, opened as one bulk use."""
    roots = dict(Person.objects.values_list("pk", "root_id"))
    found: dict[object, list[str]] = {}
    with uses.use_audience(actor=actor, purpose=purpose, data=[key]) as opening:
        people = list(opening.whom)
        for start in range(0, len(people), BATCH):
            held = Element.objects.filter(
                category=key, person_id__in=people[start : start + BATCH]
            ).order_by("collected_at")
            for element in held:
                text = element.value
                if is_said(element.touchpoint, key) or not isinstance(text, str):
                    continue  # said in a conversation, or given for something else
                found.setdefault(roots[element.person_id], []).append(text)
    return found
