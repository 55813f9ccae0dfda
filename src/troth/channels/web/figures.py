"""Figures for others: sums over groups, to a recipient that a clause names, in groups as large as
the clause says. Nothing in them is a number of a browser, a day with a handful of people, or exact
enough to take one figure from another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from troth.channels.web import queries
from troth.channels.web.grounds import requests, visits
from troth.channels.web.models import Tally
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.figures import note_figures, smallest_group
from troth.core.notices.versions import Published, current
from troth.policy.blocks import Recipient

Dimension, Source = Tally.Dimension, Tally.Source
HISTORY: Final = "user.behavior.browsing_history"
CATEGORIES: Final = {
    Dimension.PAGE: HISTORY,
    Dimension.ENTRY: HISTORY,
    Dimension.EXIT: HISTORY,
    Dimension.REFERRER: HISTORY,
    Dimension.LINK: HISTORY,
    Dimension.TERMS: "user.behavior.search_history",
    Dimension.CAMPAIGN: "user.behavior",
    Dimension.BROWSER: "user.device",
    Dimension.SYSTEM: "user.device",
    Dimension.DEVICE: "user.device",
    Dimension.LANGUAGE: "user.device",
}
STEP: Final = 10
"""Figures are rounded down to it, so that the difference of two tells of nobody."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a clause lets go: to whom, for what, of which kinds, in groups of how many."""

    recipient: Recipient
    purpose: str
    label: str
    clause: str
    least: int
    source: str
    dimensions: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.recipient.key}~{self.purpose}"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures as they leave."""

    offer: Offer
    month: date
    dimension: str
    rows: Sequence[tuple[str, int, int]]
    """Value, views, visits."""


def source_for(purpose: str, published: Published) -> str:
    """What is counted for a purpose: what browsers report, or requests to the server."""
    reported, logged = visits(published), requests(published)
    if reported and purpose in reported.counts_for:
        return Source.VISIT
    return Source.LOG if logged and purpose in logged.counts_for else ""


def offers(actor: Actor) -> list[Offer]:
    """All that clauses let go to somebody, as far as the actor's role goes."""
    published, found = current(), []
    for share in published.policy.shares:
        for purpose in share.purposes if share.aggregate else ():
            source = source_for(purpose, published)
            if not source or (actor.purposes is not None and purpose not in actor.purposes):
                continue
            for key in share.recipients:
                kinds = tuple(
                    dimension
                    for dimension, category in CATEGORIES.items()
                    if published.rules.find("share", purpose, category, key).aggregate
                )
                if kinds:
                    found.append(
                        Offer(
                            published.policy.recipients[key],
                            purpose,
                            published.rules.purposes[purpose].label,
                            share.clause,
                            share.aggregate or 0,
                            source,
                            kinds,
                        )
                    )
    return found


@action
def give(*, actor: Actor, to: str, purpose: str, dimension: str, month: date) -> Figures:
    """Make the figures of a month. Raises `UseDenied` where no clause lets them go, and `Invalid`
    where every group is too small.
    """
    category = CATEGORIES.get(Dimension(dimension)) if dimension in Dimension.values else None
    if category is None:
        raise Invalid("There are no figures of this kind.", do="Choose one of the list.")
    least = smallest_group(actor=actor, purpose=purpose, data=[category], to=to)
    published = current()
    source = source_for(purpose, published)
    rows = [
        (line.value, _rounded(line.views), _rounded(line.visits))
        for line in queries.groups(source, month, dimension, least)
    ]
    if not rows:
        raise Invalid(
            f"No group of that month is of {least} visitors, so there are no figures.",
            why="A smaller one could tell who is in it.",
            do="Choose another month or kind, or wait until there are more.",
        )
    note_figures(
        actor=actor, purpose=purpose, data=[category], to=to, groups=len(rows), least=least
    )
    offer = next(one for one in offers(actor) if (one.recipient.key, one.purpose) == (to, purpose))
    return Figures(offer, month, dimension, rows)


def _rounded(count: int) -> int:
    return count // STEP * STEP
