"""Comparing two versions of a policy by what they do, not by how they are written."""

from __future__ import annotations

from troth.policy.comparison import promises, uses
from troth.policy.comparison.change import Change, Changes, Comparison
from troth.policy.model import Policy
from troth.policy.rules import Rules

__all__ = ["Change", "Comparison", "compare"]


def compare(old: Policy, new: Policy) -> Comparison:
    """What the new version does that the old one did not, and the other way round.

    Material are: a new purpose, category or recipient, a weaker basis or choice, a longer
    retention or deadline, a shorter window, a lost safeguard, right or promise, another country.
    """
    rules_old, rules_new = Rules(old), Rules(new)
    changes = Changes()
    uses.purposes(old, new, changes)
    uses.data(rules_old, rules_new, changes)
    uses.shares(rules_old, rules_new, changes)
    for policies in promises.POLICIES:
        policies(old, new, changes)
    for rules in promises.RULES:
        rules(rules_old, rules_new, changes)
    before, after = uses.used(rules_old), uses.used(rules_new)
    widened = (after - before) | uses.opened(rules_old, rules_new)
    order = {clause.clause: place for place, clause in enumerate((*old.clauses, *new.clauses))}
    found = sorted(changes.found, key=lambda change: order.get(change.clause, -1))
    return Comparison(
        tuple(found),
        tuple(
            key
            for key, purpose in new.purposes.items()
            if key not in old.purposes and purpose.basis != "prohibited"
        ),
        frozenset(widened),
        frozenset(before - after),
        tuple(
            clause.clause
            for clause in new.clauses
            if (was := old.clause(clause.clause)) is not None and was.text != clause.text
        ),
    )
