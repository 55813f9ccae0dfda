"""The switches of the preference page: what each stands for, how it stands, since when."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from troth.core import clock
from troth.core.choices import objecting
from troth.core.choices.deciding import ABOVE, NO_SOLICITATION
from troth.core.choices.models import Choice
from troth.core.choices.switches import Latest, Manner, Switch, latest_of, switches_under
from troth.core.gate.above import beyond, kept_from, reached
from troth.core.gate.first import ASKING
from troth.core.gate.manners import recipient
from troth.core.gate.models import Stance
from troth.core.gate.permits import Standing, solicits, standing_of
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.kit.words import listing
from troth.policy import Rules

ALL: Final = Stance.SOLICITATION
BASES: Final = {
    "essential": "Part of what you asked for",
    "opt-out": "On unless you say no",
    "opt-in": "Off unless you say yes",
    "explicit-opt-in": "Off unless you say yes to exactly this",
}
TITLES: Final = {
    Stance.COLLECTION: "No collecting beyond what is necessary",
    Stance.ONWARD: "Nothing to third parties",
}
CHANNELS: Final = {"email": "by e-mail", "post": "by post", "phone": "by phone"}
SAID: Final = {
    "given": "You said yes on",
    "renewed": "You said yes again on",
    "refused": "You said no on",
    "withdrawn": "You took back your yes on",
    "expired": "Your yes ran out on",
}
REACH: Final = "With your yes we would contact you {}."
BY_BROWSER: Final = "Your browser said no for you on"


@dataclass(frozen=True, slots=True)
class Item:
    """One switch. `value` names it in the form: a purpose, and after a colon one manner of it."""

    value: str
    label: str
    wording: str
    """What a choice with this switch records as shown."""
    on: bool
    ticked: bool
    """As the page shows it: `on`, or what the person set on a page that was not saved."""
    held: bool = False
    """Off because all solicitation is refused; the wish behind it is kept for later."""
    clause: str = ""
    said: str = ""
    at: datetime | None = None
    ends: datetime | None = None

    @property
    def purpose(self) -> str:
        return self.value.partition(":")[0]

    @property
    def manner(self) -> str:
        return self.value.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Row:
    """A purpose with its own switch, unless it is fixed, and those of its manners.

    Of a purpose that asks for a yes the channels have no switch before it came: they would stand
    there ticked. `reach` then says in words what a yes is one to.
    """

    switch: Item
    text: str
    basis: str
    fixed: bool
    reach: str = ""
    channels: tuple[Item, ...] = ()
    parties: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """All switches of one person."""

    mark: Item
    marks: tuple[Item, ...]
    """The mark against solicitation, as a whole and for each channel that is solicited through."""
    above: tuple[Item, ...]
    """The marks against collecting beyond the necessary, and against giving to others; each where
    it stops anything.
    """
    rows: tuple[Row, ...]

    def over(self) -> Iterator[Item]:
        """All marks that stand above the single switches."""
        yield from (self.mark, *self.marks, *self.above)

    @property
    def turnable(self) -> list[Row]:
        return [row for row in self.rows if not row.fixed or row.parties]

    @property
    def fixed(self) -> list[Row]:
        return [row for row in self.rows if row.fixed and not row.parties]

    def purposes(self) -> Iterator[Item]:
        """The switches about a purpose or a manner of it: a purpose before its manners."""
        for row in self.rows:
            yield from () if row.fixed else (row.switch,)
            yield from (*row.channels, *row.parties)


def board(person: Person) -> Board:
    """The switches as they stand."""
    return board_under(current().rules, standing_of(person.root_id), latest_of(person))


def board_under(rules: Rules, standing: Standing, latest: Latest) -> Board:
    """The same of what was read already; each switch says since when as far as `latest` does."""
    clause = objecting.objection_clause(rules)
    refused = {manner: (ALL, manner) in standing.stances for manner in ("", *_solicited(rules))}
    marks = [
        Item(
            f"{ALL}:{manner}" if manner else ALL,
            f"No solicitation {CHANNELS[manner]}" if manner else "No solicitation",
            NO_SOLICITATION[manner],
            on,
            on,
            clause=clause,
        )
        for manner, on in refused.items()
    ]
    over = {mark for mark in ABOVE if (mark, "") in standing.stances}
    above = [
        Item(mark, TITLES[mark], wording, mark in over, mark in over, clause=clause)
        for mark, wording in ABOVE.items()
        if mark in over or _stops(mark, rules)
    ]
    rows = tuple(_row(one, rules, refused, over) for one in switches_under(rules, standing, latest))
    return Board(marks[0], tuple(marks[1:]), tuple(above), rows)


def board_as_decided(rules: Rules, standing: Standing) -> Board:
    """The same without since when. Many people decided alike, so it is kept once made."""
    said = ((purpose, manner, one.decision) for (purpose, manner), one in standing.stances.items())
    return _decided(rules, frozenset(said))


@lru_cache(maxsize=512)
def _decided(rules: Rules, said: frozenset[tuple[str, str, str]]) -> Board:
    stances = {
        (purpose, manner): Stance(purpose=purpose, manner=manner, decision=decision)
        for purpose, manner, decision in said
    }
    return board_under(rules, Standing(stances=stances), {})


def as_set(found: Board, *, shown: Collection[str], on: Collection[str]) -> Board:
    """The board with what the person had set on a page that was not saved: what they changed as
    they set it, all else as it stands now.
    """

    def tick(item: Item) -> Item:
        wanted = item.value in on
        changed = not item.held and wanted != (item.value in shown)
        return replace(item, ticked=wanted) if changed else item

    rows = (
        replace(
            row,
            switch=tick(row.switch),
            channels=tuple(map(tick, row.channels)),
            parties=tuple(map(tick, row.parties)),
        )
        for row in found.rows
    )
    return Board(
        tick(found.mark), tuple(map(tick, found.marks)), tuple(map(tick, found.above)), tuple(rows)
    )


def _row(switch: Switch, rules: Rules, refused: dict[str, bool], over: set[str]) -> Row:
    stopped = solicits(switch.key, rules)
    held = (stopped and refused[""]) or (Stance.COLLECTION in over and beyond(switch.key, rules))
    channels, parties = [], []
    for manner in switch.manners:
        if manner.label:
            to = manner.name.removeprefix(recipient(""))
            kept = Stance.ONWARD in over and kept_from(switch.key, to, rules, manner.choice)
            parties.append(_party(switch, manner, held=held or kept))
        else:
            stop = stopped and refused.get(manner.name, False)
            channels.append(_channel(switch, manner, held=held or stop))
    reach = ""
    if switch.basis in ASKING and not switch.on:
        reach, channels = listing([CHANNELS[one.manner] for one in channels if one.on]), []
    item = Item(
        switch.key,
        switch.label,
        _wording(switch, reach),
        switch.on,
        switch.on,
        held,
        switch.clause,
        _said(switch.since),
        switch.since.at if switch.since else None,
        _ends(switch),
    )
    basis = BASES[switch.basis]
    return Row(item, switch.text, basis, switch.fixed, reach, tuple(channels), tuple(parties))


def _stops(mark: str, rules: Rules) -> bool:
    """Whether there is anything that a mark could stop."""
    shares = (
        kept_from(purpose, to, rules, share.choice)
        for share in rules.policy.shares
        if not share.aggregate
        for purpose in share.purposes
        for to in share.recipients
    )
    return any(shares) if mark == Stance.ONWARD else bool(reached(mark, rules))


def _wording(switch: Switch, reach: str) -> str:
    """The words of a purpose's own switch, as the page shows them."""
    words = f"{switch.label}: {switch.text}".strip().removesuffix(":")
    return f"{words}\n\n{REACH.format(reach)}" if reach else words


def _channel(switch: Switch, manner: Manner, *, held: bool) -> Item:
    label = CHANNELS[manner.name]
    return _item(switch, manner, label[:1].upper() + label[1:], f"{switch.label}, {label}", held)


def _party(switch: Switch, manner: Manner, *, held: bool) -> Item:
    wording = f"{switch.label}: {manner.label} may receive my data for it"
    return _item(switch, manner, manner.label, wording, held)


def _item(switch: Switch, manner: Manner, label: str, wording: str, held: bool) -> Item:
    since = manner.since
    return Item(
        f"{switch.key}:{manner.name}",
        label,
        wording,
        manner.on,
        manner.on,
        held,
        manner.clause,
        _said(since),
        since.at if since else None,
    )


def _said(since: Choice | None) -> str:
    if since is None:
        return ""
    return BY_BROWSER if since.way == objecting.WAY else SAID[since.decision]


def _ends(switch: Switch) -> datetime | None:
    """When the yes that holds now ends."""
    ends = switch.since.ends_at if switch.since and switch.on else None
    return ends if ends and ends > clock.now() else None


def _solicited(rules: Rules) -> list[str]:
    """The channels that anything solicits through, where there is a choice between them."""
    used = {
        channel
        for key, purpose in rules.purposes.items()
        if solicits(key, rules)
        for channel in purpose.channels
    }
    return [name for name in CHANNELS if name in used] if len(used) > 1 else []
