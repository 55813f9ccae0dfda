"""The people as a table, as far as one purpose reaches: each category is one bulk use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.gate.deciding import decide_for_policy
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.hub.console.queries import contents
from troth.hub.console.queries.people import humans
from troth.hub.console.wording import category
from troth.policy import taxonomy

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
    """Every category held but contents, with what the purpose may use of it. Nothing is opened."""
    rules = current().rules
    found = []
    for key in _categories():
        if contents.is_contents(key):
            continue
        rule = rules.find("use", purpose, key)
        of = Element.objects.filter(category=key).values("person__root_id").distinct().count()
        allowed = _audience(purpose, key) if rule.allowed else set()
        sentence = "" if rule.allowed else rules.explain("use", purpose, key)
        found.append(Column(key, category(key), of, len(allowed), rule.clause, sentence))
    return sorted(found, key=lambda column: (not column.allowed, column.words))


def rows(
    purpose: str, *, actor: Actor, asked: Collection[str] | None = None
) -> tuple[list[str], Iterator[list[str]]]:
    """The head and the rows: the columns `asked`, or all that the purpose may use. Each category
    opened is one entry of the ledger, with the number of people and a commitment to who they were.
    Raises `UseDenied`, also for contents, whoever asks; and `Invalid` for what is no column.
    """
    keys = _keys(purpose, actor, asked)
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


def _keys(purpose: str, actor: Actor, asked: Collection[str] | None) -> list[str]:
    """The categories to open, in order; with a denial for the first that may not be."""
    allowed = [column.category for column in columns(purpose) if column.allowed]
    if asked is None:
        keys = allowed
    else:
        if unknown := set(asked) - set(_categories()) - set(taxonomy.categories()):
            raise Invalid(
                f"{len(unknown)} of the columns asked for is none.", do="Tick columns of the page."
            )
        for key in sorted(asked):
            if contents.is_contents(key):
                raise contents.denied(key, purpose=purpose, actor=actor)
            _open_none(purpose, actor, key)
        keys = [key for key in allowed if key in asked]
    if not keys:  # ask for one, so that the denial is on the ledger and names its clause
        _open_none(purpose, actor, "user.contact")
    return keys


def _open_none(purpose: str, actor: Actor, key: str) -> None:
    """Have the gate say no to what the policy or the role forbids."""
    decide_for_policy(current(), actor, purpose, [key], "")


def _categories() -> list[str]:
    """The categories held."""
    return list(Element.objects.order_by("category").values_list("category", flat=True).distinct())


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
                if not isinstance(text, str):
                    continue  # given for something else
                found.setdefault(roots[element.person_id], []).append(text)
    return found
