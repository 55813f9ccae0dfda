"""Collecting: data coming in at a touchpoint, held only as the touchpoint's clause permits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate import permits
from troth.core.gate.above import necessary, refused, refusing
from troth.core.gate.denials import Attempt, UseDenied, refuse
from troth.core.gate.models import Stance
from troth.core.inserting import insert
from troth.core.keyring import store
from troth.core.keyring.opening import Opening, opened
from troth.core.notices.versions import Published, current
from troth.core.organisations.opening import is_open
from troth.core.organisations.scope import current_organisation_id
from troth.core.people import records
from troth.core.people.models import Element, Person
from troth.core.people.records import Given, Origin
from troth.policy import Touchpoint

# What the software itself seals along with the data, such as the salt of a commitment.
OPERATIONS: Final = "system.operations"
# Who works for a client has to be able to log in before it is open: to accept its contract.
LOGGING_IN: Final = "essential.service.authentication"


Many = Sequence[tuple[UUID, Sequence[Given], UUID]]
"""A record of somebody, what was given, and what it came with."""


_on_new: Final[list[Callable[[Person, Sequence[Given]], bool]]] = []


def on_new_person(hear: Callable[[Person, Sequence[Given]], bool]) -> None:
    """Have `hear` called when data of somebody new is held, before permits are made of it. It
    returns whether it made choices for them.
    """
    if hear not in _on_new:  # `ready()` may run again
        _on_new.append(hear)


_on_held: Final[list[Callable[[Person, Touchpoint], None]]] = []


def on_held(hear: Callable[[Person, Touchpoint], None]) -> None:
    """Have `hear` called when data of somebody was taken at a touchpoint, in its transaction."""
    if hear not in _on_held:
        _on_held.append(hear)


_on_identified: Final[list[Callable[[Person, Actor], None]]] = []


def on_identified(hear: Callable[[Person, Actor], None]) -> None:
    """Have `hear` called when somebody's own words named them at a touchpoint, after those are
    held: with their record, and whoever acted.
    """
    if hear not in _on_identified:  # `ready()` may run again
        _on_identified.append(hear)


@dataclass
class Collecting:
    """An open touchpoint: what comes in through it may be sealed, and nothing be read."""

    published: Published
    touchpoint: Touchpoint
    opening: Opening = field(repr=False)
    actor: Actor
    made: set[UUID] = field(default_factory=set)  # people who have nothing yet
    offline: bool = False
    left: list[str] = field(default_factory=list)
    """The names of what was given and is not held, since the person asked for no more than is
    necessary. It may be told to whoever shows to be that person, and to nobody else.
    """

    def person(self, given: Sequence[Given]) -> Person:
        """The person an identifier among `given` belongs to, or a new one."""
        for item in given:
            if item.category in records.IDENTIFYING:
                found = records.find(item.category, item.text)
                if found is not None:
                    records.touch(found)
                    return found
        identified = any(item.category in records.IDENTIFYING for item in given)
        person = records.create(identified=identified, opening=self.opening)
        self.made.add(person.pk)
        return person

    def carrier(self) -> Person:
        """A new record that is nobody's, for what the software keeps of itself: it is no person in
        any list or count.
        """
        found = records.create(identified=False, opening=self.opening, carrier=True)
        self.made.add(found.pk)
        return found

    def hold(
        self,
        person: Person,
        given: Sequence[Given],
        *,
        record: UUID | None = None,
        also: Sequence[str] = (),
    ) -> list[Element]:
        """Seal and keep what was given, and make the permits the clause gives; those for the
        categories in `also` too, of which something is going to be held.
        """
        touchpoint = self.touchpoint
        origin = self._origin(record)
        new = person.pk in self.made
        self.made.discard(person.pk)
        heard = [hear(person, given) for hear in _on_new if new]  # all of them, not until a yes
        if not new or any(heard):
            given, also = self._needed(person, given, also)
        added = records.add(person, given, origin, new=new)
        categories = [*(item.category for item in given), *also]
        permits.grant(
            person,
            categories,
            touchpoint.purposes,
            origin,
            self.published,
            new=new and not any(heard),
        )
        for hear_of in _on_held:
            hear_of(person, touchpoint)
        if self.touchpoint.source == "person" and not self.offline:
            self._tell_of_names(person, given)
        return added

    def _tell_of_names(self, person: Person, given: Sequence[Given]) -> None:
        if any(item.category in records.IDENTIFYING for item in given):
            for hear in _on_identified:
                hear(person, self.actor)

    def _needed(
        self, person: Person, given: Sequence[Given], also: Sequence[str]
    ) -> tuple[Sequence[Given], Sequence[str]]:
        """What is left of it for somebody who wants nothing collected that is not necessary. A form
        does not answer otherwise for that, which would tell who is known; `left` names what is not
        held, for a mail to them.
        """
        needed = necessary(self.published.rules, self.touchpoint.key)
        kept = [item for item in given if item.name in needed or item.category in needed]
        more = [category for category in also if category in needed]
        if (len(kept), len(more)) == (len(given), len(also)):
            return given, also
        if not refused(person.root_id, Stance.COLLECTION):
            return given, also
        self.left += [item.name for item in given if item not in kept]
        return kept, more

    def hold_many(self, items: Many, categories: Sequence[str]) -> list[Element]:
        """As `hold`, of many people whose records are known: few statements however many they are.

        Each item is a record's id, what was given, and what it came with. `categories` get their
        permits also where nothing was given; none, where they have them all. Identifiers are not
        taken this way: whom they find would have to be asked for each.
        """
        if any(item.category in records.IDENTIFYING for _, given, _ in items for item in given):
            raise TypeError("Identifiers are held one person at a time.")
        people = list(dict.fromkeys(person for person, _, _ in items))
        store.load_to_seal(self.opening, people)
        items, marked = self._needed_of_many(items, categories)
        groups = [([one for one in people if one not in marked], categories)]
        if marked:
            needed = necessary(self.published.rules, self.touchpoint.key)
            groups.append((list(marked), [one for one in categories if one in needed]))
        for whose, which in groups:
            if whose and which:
                permits.grant_many(
                    whose, which, self.touchpoint.purposes, self._origin(None), self.published
                )
        now, owner = clock.now(), self.opening.organisation
        made = [
            Element(
                organisation_id=owner,
                person_id=person,
                name=item.name,
                category=item.category,
                value=item.text,
                touchpoint=self.touchpoint.key,
                clause=item.clause or self.touchpoint.clause,
                version=self.published.version,
                record=record,
                offline=self.offline,
                collected_at=now,
            )
            for person, given, record in items
            for item in given
        ]
        insert(made)
        return made

    def _needed_of_many(
        self, items: Many, categories: Sequence[str]
    ) -> tuple[Many, frozenset[UUID]]:
        """As `_needed`, and who of them wants no more than that; nobody is asked about where all
        that came is necessary.
        """
        needed = necessary(self.published.rules, self.touchpoint.key)

        def kept(item: Given) -> bool:
            return item.name in needed or item.category in needed

        more = {person for person, given, _ in items if not all(map(kept, given))}
        if not set(categories) <= needed:
            more = {person for person, _, _ in items}
        marked = refusing(more, Stance.COLLECTION) if more else frozenset()
        if not marked:
            return items, marked
        left = [
            (person, tuple(filter(kept, given)) if person in marked else given, record)
            for person, given, record in items
        ]
        return left, marked

    def _origin(self, record: UUID | None) -> Origin:
        place, version = self.touchpoint, self.published.version
        return Origin(place.key, place.clause, version, record, self.offline)


@contextmanager
def collect(
    *, actor: Actor, touchpoint: str, data: Sequence[str], offline: bool = False
) -> Iterator[Collecting]:
    """Open a touchpoint for these data categories. Raises `UseDenied` for any the clause lacks.

    `offline` says that staff enter what came on paper or by word of mouth: it is marked so, and
    held as safely as all else.
    """
    published = current()
    found = published.rules.touchpoints.get(touchpoint)
    for category in data:
        allowed = found is not None and any(
            published.rules.find("collect", purpose, category, touchpoint).allowed
            for purpose in found.purposes
        )
        if not allowed:
            purpose = found.purposes[0] if found and found.purposes else ""
            rule = published.rules.find("collect", purpose, category, touchpoint)
            raise refuse(
                UseDenied(
                    f"{category} may not be collected at {touchpoint}.",
                    why=published.rules.explain("collect", purpose, category, touchpoint),
                    do="Ask for what the clause names, or publish a policy that permits this.",
                    clause=rule.clause,
                    attempt=Attempt(
                        actor,
                        "collect",
                        purpose,
                        (category,),
                        None,
                        "",
                        published.version,
                        rule.reason,
                    ),
                )
            )
    if found is None:
        raise refuse(
            UseDenied(
                f"Nothing may be collected at {touchpoint}.",
                why="The policy has no clause for this touchpoint.",
                do="Publish a policy with a [[collect]] for it.",
                clause="",
                attempt=Attempt(
                    actor, "collect", "", (), None, "", published.version, "unknown-touchpoint"
                ),
            )
        )
    _has_to_be_open(published, actor, found, data)
    opening = Opening(
        current_organisation_id(),
        "",
        frozenset({*data, OPERATIONS}),
        None,
        found.clause,
        reads=False,
    )
    with opened(opening):
        yield Collecting(published, found, opening, actor, offline=offline)


def _has_to_be_open(
    published: Published, actor: Actor, touchpoint: Touchpoint, data: Sequence[str]
) -> None:
    """Before a client accepted its contract, nothing but what log-ins need comes in."""
    uses = [published.rules.purposes[key].use for key in touchpoint.purposes]
    if is_open(current_organisation_id()) or LOGGING_IN in uses:
        return
    attempt = Attempt(
        actor, "collect", "", tuple(data), version=published.version, reason="no-contract"
    )
    raise refuse(
        UseDenied(
            f"Nothing may be collected at {touchpoint.key} yet.",
            why="This organisation has not accepted its contract with the company that hosts it.",
            do="An owner of the organisation accepts it in the console, under Settings.",
            clause="",
            attempt=attempt,
        )
    )
