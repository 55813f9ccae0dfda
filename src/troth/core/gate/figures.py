"""Figures over groups that leave the company: only to whom a clause names, and no group smaller
than the clause says. No person's data is opened for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from troth.core.actors import Actor
from troth.core.gate import acts
from troth.core.gate.deciding import denied
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.recipients.standing import barred
from troth.policy import Rule


def smallest_group(*, actor: Actor, purpose: str, data: Sequence[str], to: str) -> int:
    """Of how many people each group has to be that leaves for this purpose. Raises `UseDenied`
    where no clause lets figures over this data go to this recipient.
    """
    published = current()
    if actor.purposes is not None and purpose not in actor.purposes:
        raise denied(published, actor, purpose, tuple(data), "", "role", to=to)
    bar, least = barred(to, published.rules), 0
    for category in data:
        rule = published.rules.find("share", purpose, category, to)
        if not rule.allowed:
            raise denied(published, actor, purpose, (category,), rule.clause, rule.reason, to=to)
        if bar is not None:
            raise denied(published, actor, purpose, (category,), bar.clause, bar.reason, to=to)
        size = _size(rule)
        if not size:
            # A clause for single people's data says nothing of how large a group has to be.
            raise denied(published, actor, purpose, (category,), rule.clause, "no-figures", to=to)
        least = max(least, size)
    return least


def note_figures(
    *, actor: Actor, purpose: str, data: Sequence[str], to: str, groups: int, least: int
) -> None:
    """Put on the ledger that figures left. Call it in the transaction in which they are made."""
    published = current()
    rule = published.rules.find("share", purpose, data[0], to)
    record(
        act=acts.FIGURES,
        organisation=current_organisation_id(),
        actor=actor,
        purpose=purpose,
        clause=rule.clause,
        version=published.version,
        data=sorted(data),
        to=to,
        detail={"groups": groups, "least": least},
    )


def _size(rule: Rule) -> int:
    said = [one.partition(":")[2] for one in rule.obligations if one.startswith("aggregate:")]
    return max(map(int, said), default=0)
