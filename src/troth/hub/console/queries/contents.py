"""What people wrote: read case by case, and never part of a table that leaves the house."""

from __future__ import annotations

from typing import Final

from troth.core.actors import Actor
from troth.core.gate.denials import Attempt, UseDenied, refuse
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.policy import Policy
from troth.policy.taxonomy import covers, overlap

CONTENTS: Final = "user.content"
WHY: Final = "What people wrote is read where it was written to, case by case, by whose case it is."


def is_contents(category: str) -> bool:
    """Whether values of the category are what somebody wrote, in a form or in a conversation."""
    return covers(CONTENTS, category)


def held() -> list[str]:
    """The categories of contents that are held, of whomever."""
    every = Element.objects.order_by("category").values_list("category", flat=True).distinct()
    return [category for category in every if is_contents(category)]


def clause_of(category: str, policy: Policy | None = None) -> str:
    """The clause that keeps contents in: one that forbids giving them away, else the one that says
    on what ground staff may see them; empty where the policy has neither.
    """
    policy = policy or current().policy
    for forbid in policy.forbids:
        about = any(overlap(policy.category(name), category) for name in forbid.data)
        if about and forbid.act in ("share", "any") and not forbid.parties and not forbid.unless:
            return forbid.clause
    return next((one.clause for one in policy.accesses if one.who == "staff" and one.grounds), "")


def denied(category: str, *, purpose: str, actor: Actor) -> UseDenied:
    """The denial of an export of contents, which is on the ledger with whoever tried."""
    return refuse(
        UseDenied(
            "What people wrote is in no export.",
            why=f"{WHY} No role changes that.",
            do="Open the case or the conversation; an order of a court goes to the legal desk.",
            clause=clause_of(category),
            attempt=Attempt(
                actor, "use", purpose, (category,), version=current().version, reason="contents"
            ),
        )
    )
