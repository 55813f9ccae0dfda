"""The checks of an assessment. Each is registered once, by the app that can look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from troth.core.assess.findings import AREAS, Finding, State, failed, unseen
from troth.core.assess.register import RESULTS
from troth.core.errors import Invalid, Refusal

if TYPE_CHECKING:
    from troth.core.assess.seen import Seen
    from troth.core.notices.versions import Published
    from troth.core.organisations.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the checks look at. `seen` is None where nobody crawled; `unseen_because` says why.

    `outcomes` are those of the checks before, by key: the area of conformity rests on them.
    """

    organisation: Organisation
    published: Published
    at: datetime
    seen: Seen | None = None
    unseen_because: str = ""
    proofs: Path = RESULTS
    audit: Path | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def crawled(self) -> Seen:
        """What was seen, for checks that are by a crawl: they do not run without one."""
        assert self.seen is not None
        return self.seen


CRAWL: Final = "crawl"
"""What a check is `by` that looks at what a browser saw."""

Run = Callable[[Situation], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. `says` is what is true where it holds; `by` is what it needs beyond the
    installation itself: a crawl, the proofs, an audit. With `whole` it holds only where all of it
    could be looked at.
    """

    key: str
    area: str
    says: str
    run: Run
    by: str = ""
    whole: bool = False

    @property
    def names(self) -> frozenset[str]:
        """What it can be left out by."""
        return frozenset({self.key, self.area, self.by} - {""})


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check and what it found."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        """Failed where one finding failed; not looked at where nothing held, or not all of it."""
        states = {finding.state for finding in self.findings}
        if "failed" in states:
            return "failed"
        partly = self.check.whole and "not looked at" in states
        return "held" if "held" in states and not partly else "not looked at"

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.check.key,
            "area": self.check.area,
            "says": self.check.says,
            "state": self.state,
            "findings": [finding.as_json() for finding in self.findings],
        }


_checks: Final[dict[str, Check]] = {}


def check(
    key: str, *, area: str, says: str, by: str = "", whole: bool = False
) -> Callable[[Run], Run]:
    """Register the function as a check. ValueError for an unknown area or a key that is taken."""
    if area not in AREAS or key in _checks:
        raise ValueError(f"The check {key} of {area} cannot be registered.")

    def register(run: Run) -> Run:
        _checks[key] = Check(key=key, area=area, says=says, run=run, by=by, whole=whole)
        return run

    return register


def checks() -> Mapping[str, Check]:
    """All of them, area by area."""
    order = list(AREAS)
    return dict(sorted(_checks.items(), key=lambda item: order.index(item[1].area)))


def perform(situation: Situation, without: Collection[str] = ()) -> list[Outcome]:
    """Run the checks but those that are left out by key, area or need. Raises `Invalid` for a
    name that leaves nothing out, so that a slip of the pen is not taken for a wish.
    """
    found = checks()
    if unknown := set(without) - {name for one in found.values() for name in one.names}:
        names = sorted({name for one in found.values() for name in one.names})
        raise Invalid(
            f"There is nothing to leave out by the name {', '.join(sorted(unknown))}.",
            do=f"Name one of: {', '.join(names)}.",
        )
    for one in found.values():
        if not one.names & set(without):
            situation.outcomes[one.key] = Outcome(one, _findings(one, situation))
    return list(situation.outcomes.values())


def _findings(one: Check, situation: Situation) -> tuple[Finding, ...]:
    if one.by == CRAWL and situation.seen is None:
        return (unseen("Nobody crawled the site.", do=situation.unseen_because),)
    try:
        return tuple(one.run(situation))
    except Refusal as refusal:
        return (failed(refusal.what, do=refusal.do),)
    except Exception as error:  # noqa: BLE001 - one broken check must not silence the others
        return (failed(f"The check itself broke: {type(error).__name__}."),)
