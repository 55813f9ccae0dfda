"""How a recipient stands: what its clauses ask for, what is on file, and whether it is suspended.

The gate asks `barred` before each disclosure. What a clause asks for and nobody entered is missing,
what has run out has lapsed: both bar, and neither is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from troth.core import clock
from troth.core.recipients.models import Bond, Suspension
from troth.policy import Rules, words
from troth.policy.verdicts import meant

SUSPENSION: Final = "transfer-suspension"
"""The deadline of a policy that says how soon a flow of data is cut."""
REASONS: Final = {
    "missing": "bond-missing",
    "lapsed": "bond-lapsed",
    "weaker": "security-weaker",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a recipient gets nothing now, and the clause that says so."""

    reason: str
    clause: str


@dataclass(frozen=True, slots=True)
class Required:
    """One thing a clause asks of a recipient, and what is on file for it."""

    kind: str
    clause: str
    level: str
    bond: Bond | None
    state: str
    """``held``, ``missing``, ``lapsed`` or ``weaker``."""


def own_level(rules: Rules) -> str:
    """How strongly the company guards data itself, by its own clauses; "" where none says so."""
    levels = [block.level for block in rules.policy.secures if block.level]
    return max(levels, key=words.LEVELS.index, default="")


def asked(to: str, rules: Rules) -> Iterator[tuple[str, str, str]]:
    """What the clauses ask of this recipient: kind, clause, and the least level of it."""
    party = rules.recipients.get(to)
    if party is None:
        return
    for block in rules.policy.safeguards:
        if meant(block, party):
            if block.as_strong:
                yield Bond.Kind.SECURITY, block.clause, own_level(rules)
            for assurance in block.assures:
                yield assurance, block.clause, ""


def required(to: str, rules: Rules, on: date | None = None) -> list[Required]:
    """All that is asked of it, with what is on file on that day (today, UTC, if left out)."""
    wanted = list(asked(to, rules))
    if not wanted:
        return []
    today = on or clock.now().date()
    newest: dict[str, Bond] = {}
    for bond in Bond.objects.filter(recipient=to):
        newest.setdefault(bond.kind, bond)
    return [
        Required(kind, clause, level, newest.get(kind), _state(newest.get(kind), level, today))
        for kind, clause, level in wanted
    ]


def _state(bond: Bond | None, level: str, today: date) -> str:
    if bond is None or bond.given_on > today:
        return "missing"
    if bond.until <= today:
        return "lapsed"
    attested = words.LEVELS.index(bond.level) if bond.level in words.LEVELS else -1
    if level and attested < words.LEVELS.index(level):
        return "weaker"
    return "held"


def suspension(to: str) -> Suspension | None:
    """The suspension in force, or None."""
    return Suspension.objects.filter(recipient=to, lifted_at=None).first()


def suspension_clause(to: str, rules: Rules) -> str:
    """The clause by which the flow to a recipient is cut: that of the deadline, else what asks for
    its assurances, else its own.
    """
    if SUSPENSION in rules.deadlines:
        return rules.deadlines[SUSPENSION].clause
    party = rules.recipients.get(to)
    found = next((clause for _, clause, _ in asked(to, rules)), "")
    return found or (party.clause if party else "")


def barred(to: str, rules: Rules) -> Bar | None:
    """Why this recipient gets nothing now, whatever else permits it; None if nothing bars it."""
    if not to:
        return None
    stopped = suspension(to)
    if stopped is not None:
        return Bar("suspended", stopped.clause)
    for one in required(to, rules):
        if one.state != "held":
            return Bar(REASONS[one.state], one.clause)
    return None
