"""Opening the figures of visits: for a purpose that a clause permits, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from troth.channels.web.grounds import Ground, requests, visits
from troth.channels.web.models import Tally
from troth.core.errors import Missing
from troth.core.gate.deciding import decide_for_policy
from troth.core.notices.versions import Published, current
from troth.policy.blocks import Purpose

HISTORY: Final = "user.behavior.browsing_history"
WORDS: Final = {
    Tally.Source.VISIT: "What browsers report",
    Tally.Source.LOG: "Requests to the server",
}


class VisitsMissing(Missing):
    """The policy in force has nothing counted."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at, for what, and under which clause."""

    source: str
    ground: Ground
    purpose: Purpose
    clause: str
    sources: tuple[tuple[str, str, bool], ...]
    """Key, words and whether it is this one: of all that this policy has counted."""


def look(request: Any, *, only: str = "", wide: bool = False) -> Look:
    """Ask the gate for the purpose that the page names, or else for the first that it is for:
    counting, or with `wide` all that the clause names.

    Raises `UseDenied`, and `VisitsMissing` where nothing is counted, or nothing from `only`.
    """
    published = current()
    grounds = _grounds(published)
    if only:
        grounds = {key: ground for key, ground in grounds.items() if key == only}
    if not grounds:
        raise VisitsMissing(
            "Nothing is counted here.",
            why="The policy in force has no clause for visits, or none that they are counted for.",
            do="Publish a policy with a [[collect]] at web.visit for a purpose of analytics.",
        )
    source = str(request.GET.get("source", ""))
    source = source if source in grounds else next(iter(grounds))
    ground = grounds[source]
    usual = _first(request, ground.purposes if wide else ground.counts_for)
    key = str(request.GET.get("purpose", "")) or usual
    clause = decide_for_policy(published, request.actor, key, [HISTORY], "")
    if key not in ground.purposes:  # permitted of something else, so it says nothing of these
        key = usual
        clause = decide_for_policy(published, request.actor, key, [HISTORY], "")
    return Look(
        source,
        ground,
        published.rules.purposes[key],
        clause,
        tuple((one, WORDS[Tally.Source(one)], one == source) for one in grounds),
    )


def _grounds(published: Published) -> dict[str, Ground]:
    found = {Tally.Source.VISIT: visits(published), Tally.Source.LOG: requests(published)}
    return {str(key): ground for key, ground in found.items() if ground is not None}


def _first(request: Any, purposes: tuple[str, ...]) -> str:
    """The first that the role includes; or else the first, which the gate then refuses."""
    mine = request.actor.purposes
    return next((one for one in purposes if mine is None or one in mine), purposes[0])
