"""Permits: made when data is collected, and settled whenever something that bears on them changes.

Settling works on a family (all records of one human) so that a refusal given on one record holds
for the others, and so that nobody is counted twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from troth.core import clock
from troth.core.asking import look_up, read_rows
from troth.core.changing import change, hold
from troth.core.gate.above import beyond
from troth.core.gate.first import ASKING, grant_first
from troth.core.gate.manners import DATA, STOPPED, channel, stoppable
from troth.core.gate.models import Permit, Stance
from troth.core.inserting import insert
from troth.core.notices.versions import Published
from troth.core.people.models import Element, Person
from troth.core.people.records import Origin
from troth.policy import Rules

SOLICITING = ("marketing", "third_party_sharing", "sales")
MOST: Final = 100_000  # records, decisions or permits of one human


def lock(root: UUID) -> None:
    """Let nobody else settle this human until the transaction ends: what one reads and another
    writes would miss each other. SQLite has one writer anyway.
    """
    hold(Person, root)


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

    A permit that is there already stays: it was given under an earlier clause and holds; unless
    it waits for the time to refuse, or its place no longer gives it: then this giving opens it.
    `new` says that the person was made a moment ago: nothing is there, and nothing was chosen.
    """
    wanted = tuple(dict.fromkeys(categories))
    if new:
        grant_first(person, wanted, tuple(purposes), origin, published.rules)
        return
    lock(person.root_id)
    now, rules, made = clock.now(), published.rules, []
    mine = Permit.objects.filter(person_id=person.pk)
    have = {(one.purpose, one.category): one for one in mine}
    for purpose in purposes:
        for category in wanted:
            rule = rules.find("use", purpose, category)
            collected = rules.find("collect", purpose, category, origin.touchpoint)
            if not (rule.allowed and collected.allowed):
                continue
            had = have.get((purpose, category))
            if had is not None:
                if not (had.state == Permit.State.TOLD or _narrowed(had, rules)):
                    continue
                had.delete()
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
            _settle_rows(made, standing_of(person.root_id), rules, now)
        insert(made)
        if not alone:  # a record merged into another: the whole family has to be looked at
            settle(person.root_id, rules)


def grant_many(
    people: Sequence[UUID],
    categories: Iterable[str],
    purposes: Iterable[str],
    origin: Origin,
    published: Published,
) -> None:
    """As `grant`, for records of many people, most of whom have the permits already."""
    rules, wanted, giving = published.rules, tuple(dict.fromkeys(categories)), tuple(purposes)
    needed = {
        (purpose, category)
        for purpose in giving
        for category in wanted
        if rules.find("use", purpose, category).allowed
        and rules.find("collect", purpose, category, origin.touchpoint).allowed
    }
    have: dict[UUID, set[tuple[str, str]]] = {person: set() for person in people}
    rows = Permit.objects.filter(person__id__among=people, category__in=wanted)
    for row in rows.exclude(state=Permit.State.TOLD):
        if (row.purpose, row.category) in needed and not _narrowed(row, rules):
            have[row.person_id].add((row.purpose, row.category))
    lacking = [person for person, has in have.items() if has != needed]
    for person in Person.objects.filter(pk__in=lacking).order_by("pk") if lacking else ():
        grant(person, wanted, giving, origin, published)


@dataclass(frozen=True, slots=True)
class Standing:
    """What bears on a family's permits: its choices and whether it is restricted."""

    family: tuple[UUID, ...] = ()
    """All records of the human."""
    rows: tuple[Stance, ...] = ()
    """What was decided on each of them, also what has ended since."""

    stances: Mapping[tuple[str, str], Stance] = field(default_factory=dict)
    """By purpose and manner."""
    restricted: bool = False

    def answer(self, purpose: str, rules: Rules, manner: str = "") -> str:
        """``given``, ``refused`` or nothing. A no to the purpose, to this manner of it, or a mark
        that stands above it, outweighs a yes.
        """
        asked = [(purpose, ""), (purpose, manner)]
        if solicits(purpose, rules):
            asked += [(Stance.SOLICITATION, ""), (Stance.SOLICITATION, manner)]
        if beyond(purpose, rules):
            asked.append((Stance.COLLECTION, ""))
        said = {found.decision for key in asked if (found := self.stances.get(key))}
        if Stance.Decision.REFUSED in said:
            return Stance.Decision.REFUSED
        return Stance.Decision.GIVEN if said else ""

    def stopped(self, purpose: str, rules: Rules) -> bool:
        """Whether mail for it was stopped by hand, though it is part of the service. That was said
        of all such mail, so it holds also for a purpose that came after: what was said last counts.
        """
        own = self.stances.get((purpose, STOPPED))
        if own is None and stoppable(rules, purpose):
            said = [one for (_, manner), one in self.stances.items() if manner == STOPPED]
            own = max(said, key=lambda one: one.at, default=None)
        return own is not None and own.decision == Stance.Decision.REFUSED

    def ends_at(self, purpose: str, manner: str = "") -> datetime | None:
        """When the person's yes ends; None if it does not, or there is none."""
        said = [self.stances.get(key) for key in dict.fromkeys([(purpose, ""), (purpose, manner)])]
        given = [found.ends_at for found in said if found and found.decision == "given"]
        return max((end for end in given if end), default=None) if all(given) else None


def solicits(purpose: str, rules: Rules) -> bool:
    """Whether the mark against solicitation stops this purpose."""
    found = rules.purposes.get(purpose)
    return found is not None and found.basis != "essential" and found.use.startswith(SOLICITING)


def standing_of(root: UUID) -> Standing:
    """What a human decided, on whichever of their records, and whether they are restricted.

    A yes that has ended is none, whether or not its end was noted yet.
    """
    records = list(read_rows(Person, ("id", "restricted_at"), MOST, root=root))
    if not records:
        return Standing()
    family = tuple(record_id for record_id, _ in records)
    rows = tuple(sorted(look_up(Stance, MOST, person=family), key=lambda one: one.at))
    stances: dict[tuple[str, str], Stance] = {}
    now = clock.now()
    for stance in rows:
        if stance.ends_at is not None and stance.ends_at <= now:
            continue
        key = (stance.purpose, stance.manner)
        # One refusal among the records of a human outweighs a yes on another record.
        if key not in stances or stances[key].decision != Stance.Decision.REFUSED:
            stances[key] = stance
    restricted = any(since is not None for _, since in records)
    return Standing(family, rows, stances, restricted)


def settle(root: UUID, rules: Rules) -> None:
    """Work out anew when each permit of the family is usable, and save what changed."""
    settle_under(standing_of(root), rules)


def settle_under(standing: Standing, rules: Rules, purposes: Collection[str] | None = None) -> None:
    """As `settle`, where the standing is known; with `purposes` only the permits for these."""
    if not standing.family or (purposes is not None and not purposes):
        return
    only = {} if purposes is None else {"purpose": tuple(sorted(purposes))}
    rows = look_up(Permit, MOST, person=standing.family, **only)
    rows.sort(key=lambda row: (row.version, row.pk))
    before = [(row.usable_from, row.usable_until) for row in rows]
    _settle_rows(rows, standing, rules, clock.now())
    changed: dict[tuple[datetime | None, datetime | None], list[UUID]] = {}
    for row, old in zip(rows, before, strict=True):
        if (now := (row.usable_from, row.usable_until)) != old:
            changed.setdefault(now, []).append(row.pk)
    for (begins, ends), ids in changed.items():
        change(Permit, ids, usable_from=begins, usable_until=ends)


def _settle_rows(rows: list[Permit], standing: Standing, rules: Rules, now: datetime) -> None:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        row.usable_from = None if standing.restricted else _usable_from(row, standing, rules, now)
        row.usable_until = None
        if row.usable_from is None:
            continue
        if _asks(row, rules):
            row.usable_until = standing.ends_at(row.purpose, channel(row.category))
        if (row.purpose, row.category) in seen:
            row.usable_from = None  # the same human once: another record of the family counts
        seen.add((row.purpose, row.category))


def _usable_from(row: Permit, standing: Standing, rules: Rules, now: datetime) -> datetime | None:
    if _narrowed(row, rules):
        return None
    if channel(row.category) == "email" and standing.stopped(row.purpose, rules):
        return None
    answer = standing.answer(row.purpose, rules, channel(row.category))
    if answer == Stance.Decision.REFUSED:
        purpose = rules.purposes.get(row.purpose)
        if purpose is None or purpose.basis != "essential":
            return None
    if _asks(row, rules):
        return (row.opens_at or now) if answer == Stance.Decision.GIVEN else None
    return row.opens_at


def _asks(row: Permit, rules: Rules) -> bool:
    """Whether the permit needs the person's yes: when it was made, or by now."""
    asks = rules.find("use", row.purpose, row.category).basis in ASKING
    return asks or row.state == Permit.State.AWAITING


def _narrowed(row: Permit, rules: Rules) -> bool:
    """Whether the place it was given at no longer gives it. A place that is gone says nothing:
    there the version it was given under still speaks.
    """
    if row.touchpoint not in rules.touchpoints:
        return False
    return not rules.find("collect", row.purpose, row.category, row.touchpoint).allowed


def publish(before: Rules | None, rules: Rules) -> None:
    """Close what a new version no longer leaves open, for everybody at once.

    Only ever closes: what a version makes easier waits for the person's next choice about it, and
    what it adds for their being told.
    """
    if before is None:
        return
    _narrow(before, rules)
    marked = Stance.objects.filter(
        person__root_id=OuterRef("person__root_id"), purpose=Stance.COLLECTION
    )
    for key in rules.purposes.keys() & before.purposes.keys():
        old, new = before.purposes[key], rules.purposes[key]
        mine = Permit.objects.filter(purpose=key, usable_from__isnull=False)
        said = Stance.objects.filter(person_id=OuterRef("person_id"))
        if new.basis in ASKING and old.basis not in ASKING:
            yes = said.filter(purpose=key, decision=Stance.Decision.GIVEN)
            mine.filter(~Exists(yes)).update(usable_from=None)
        for category in _now_asking(key, before, rules):
            yes = said.filter(purpose=key, decision=Stance.Decision.GIVEN)
            mine.filter(~Exists(yes), category=category).update(usable_from=None)
        if solicits(key, rules) and not solicits(key, before):
            mine.filter(Exists(said.filter(purpose=Stance.SOLICITATION))).update(usable_from=None)
        if stoppable(rules, key) and not stoppable(before, key):
            reaching = mine.filter(category__startswith=DATA["email"][0])
            by_hand = Stance.objects.filter(
                person__root_id=OuterRef("person__root_id"), manner=STOPPED
            ).order_by("-at")
            reaching.annotate(last=Subquery(by_hand.values("decision")[:1])).filter(
                last=Stance.Decision.REFUSED
            ).update(usable_from=None)
        if beyond(key, rules) and not beyond(key, before):
            mine.filter(Exists(marked)).update(usable_from=None)


def _now_asking(purpose: str, before: Rules, rules: Rules) -> list[str]:
    """The categories that the purpose may use only with a yes now, and without one before, though
    it is the same purpose: a clause calls them sensitive, or asks for consent.
    """
    return [
        category
        for (act, key, category, _), rule in rules.granted()
        if (act, key) == ("use", purpose)
        and rule.basis in ASKING
        and rule.basis != rules.purposes[purpose].basis
        and before.find("use", purpose, category).basis not in ASKING
    ]


def _narrow(before: Rules, rules: Rules) -> None:
    """A touchpoint no longer gives a category to a purpose: close what came from it.

    Whoever gave the same at another place that still gives it keeps the permit, from there.
    """
    kept = {question for question, _ in rules.granted() if question[0] == "collect"}
    for question, _ in before.granted():
        act, purpose, category, touchpoint = question
        if act != "collect" or question in kept or touchpoint not in rules.touchpoints:
            continue
        from_there = Permit.objects.filter(
            purpose=purpose, category=category, touchpoint=touchpoint
        )
        others = [at for _, p, c, at in kept if (p, c) == (purpose, category)]
        also = Element.objects.filter(category=category, touchpoint__in=others)
        for permit in from_there.filter(Exists(also.filter(person_id=OuterRef("person_id")))):
            held = also.filter(person_id=permit.person_id).order_by("collected_at")[0]
            permit.touchpoint, permit.clause = held.touchpoint, held.clause
            permit.version = held.version
            permit.save(update_fields=["touchpoint", "clause", "version"])
        from_there.filter(usable_from__isnull=False).update(usable_from=None)
