"""Permits: made when data is collected, and settled whenever something that bears on them changes.

Settling works on a family (all records of one human) so that a refusal given on one record holds
for the others, and so that nobody is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from troth.core import clock
from troth.core.gate.models import Permit, Stance
from troth.core.inserting import insert
from troth.core.notices.versions import Published
from troth.core.people.models import Person
from troth.core.people.records import Origin
from troth.policy import Rules

SOLICITING = ("marketing", "third_party_sharing", "sales")
ASKING = ("opt-in", "explicit-opt-in")


def lock(root: UUID) -> None:
    """Let nobody else settle this human until the transaction ends: what one reads and another
    writes would miss each other. SQLite has one writer anyway.
    """
    Person.objects.select_for_update().filter(pk=root).values_list("pk").first()


def grant(
    person: Person,
    categories: Iterable[str],
    purposes: Iterable[str],
    origin: Origin,
    published: Published,
    *,
    new: bool = False,
) -> None:
    """Make the permits that collecting `categories` for `purposes` gives, then settle.

    A permit that is there already stays: it was given under an earlier clause and holds.
    `new` says that the person was made a moment ago: nothing is there, and nothing was chosen.
    """
    if not new:
        lock(person.root_id)
    now, rules, made = clock.now(), published.rules, []
    mine = Permit.objects.filter(person_id=person.pk)
    have = set() if new else set(mine.values_list("purpose", "category"))
    wanted = tuple(dict.fromkeys(categories))
    for purpose in purposes:
        for category in wanted:
            rule = rules.find("use", purpose, category)
            collected = rules.find("collect", purpose, category, origin.touchpoint)
            if not (rule.allowed and collected.allowed) or (purpose, category) in have:
                continue
            needs_yes = rule.basis in ASKING
            made.append(
                Permit(
                    organisation_id=person.organisation_id,
                    person_id=person.pk,
                    purpose=purpose,
                    category=category,
                    state=Permit.State.AWAITING if needs_yes else Permit.State.OPEN,
                    opens_at=None if needs_yes else now,
                    touchpoint=origin.touchpoint,
                    clause=origin.clause,
                    version=origin.version,
                )
            )
    if made:
        alone = person.root_id == person.pk
        if alone:
            standing = Standing({}, restricted=False) if new else standing_of(person.root_id)
            _settle_rows(made, standing, rules, now)
        insert(made)
        if not alone:  # a record merged into another: the whole family has to be looked at
            settle(person.root_id, rules)


class Standing:
    """What bears on a family's permits: its choices and whether it is restricted."""

    def __init__(self, stances: dict[str, str], *, restricted: bool) -> None:
        self.stances, self.restricted = stances, restricted

    def answer(self, purpose: str, rules: Rules) -> str:
        """``given``, ``refused`` or ````; the mark against solicitation refuses all of it."""
        if Stance.SOLICITATION in self.stances and solicits(purpose, rules):
            return Stance.Decision.REFUSED
        return self.stances.get(purpose, "")


def solicits(purpose: str, rules: Rules) -> bool:
    """Whether the mark against solicitation stops this purpose."""
    found = rules.purposes.get(purpose)
    return found is not None and found.basis != "essential" and found.use.startswith(SOLICITING)


def standing_of(root: UUID) -> Standing:
    """What a human decided, on whichever of their records, and whether they are restricted."""
    restricted = Person.objects.filter(root_id=root, restricted_at__isnull=False).exists()
    stances: dict[str, str] = {}
    for purpose, decision in (
        Stance.objects.filter(person__root_id=root)
        .order_by("at")
        .values_list("purpose", "decision")
    ):
        # One refusal among the records of a human outweighs a yes on another record.
        if stances.get(purpose) != Stance.Decision.REFUSED:
            stances[purpose] = decision
    return Standing(stances, restricted=restricted)


def settle(root: UUID, rules: Rules) -> None:
    """Work out anew from when each permit of the family is usable, and save what changed."""
    rows = list(Permit.objects.filter(person__root_id=root).order_by("version", "id"))
    before = [row.usable_from for row in rows]
    _settle_rows(rows, standing_of(root), rules, clock.now())
    changed = [row for row, old in zip(rows, before, strict=True) if row.usable_from != old]
    Permit.objects.bulk_update(changed, ["usable_from"], batch_size=200)


def _settle_rows(rows: list[Permit], standing: Standing, rules: Rules, now: datetime) -> None:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        row.usable_from = None if standing.restricted else _usable_from(row, standing, rules, now)
        if row.usable_from is None:
            continue
        if (row.purpose, row.category) in seen:
            row.usable_from = None  # the same human once: another record of the family counts
        seen.add((row.purpose, row.category))


def _usable_from(row: Permit, standing: Standing, rules: Rules, now: datetime) -> datetime | None:
    answer = standing.answer(row.purpose, rules)
    if answer == Stance.Decision.REFUSED:
        purpose = rules.purposes.get(row.purpose)
        if purpose is None or purpose.basis != "essential":
            return None
    needs_yes = rules.find("use", row.purpose, row.category).basis in ASKING
    if row.state == Permit.State.AWAITING or needs_yes:
        return (row.opens_at or now) if answer == Stance.Decision.GIVEN else None
    return row.opens_at


def publish(before: Rules | None, rules: Rules) -> None:
    """Close what a new version no longer leaves open without asking, for everybody at once.

    Only ever closes: what a version makes easier waits for the person's next choice.
    """
    if before is None:
        return
    for key in rules.purposes.keys() & before.purposes.keys():
        old, new = before.purposes[key], rules.purposes[key]
        mine = Permit.objects.filter(purpose=key, usable_from__isnull=False)
        said = Stance.objects.filter(person_id=OuterRef("person_id"))
        if new.basis in ASKING and old.basis not in ASKING:
            yes = said.filter(purpose=key, decision=Stance.Decision.GIVEN)
            mine.filter(~Exists(yes)).update(usable_from=None)
        if solicits(key, rules) and not solicits(key, before):
            mine.filter(Exists(said.filter(purpose=Stance.SOLICITATION))).update(usable_from=None)
