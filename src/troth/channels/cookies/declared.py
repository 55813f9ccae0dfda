"""The cookies a policy declares: by what they are for, and what became of them since a choice."""

from __future__ import annotations

from typing import Final

from troth.core.errors import Refusal
from troth.core.notices.versions import Published, version
from troth.policy import Policy
from troth.policy.blocks import Cookie

NECESSARY: Final = "necessary"
OPTIONAL: Final = ("preferences", "analytics", "marketing")
"""The categories that nobody is given without a yes, as the pages list them."""
OBJECTED: Final = frozenset({"analytics", "marketing"})
"""What a browser with Global Privacy Control has said no to."""


def cookie(policy: Policy, name: str) -> Cookie | None:
    """The declaration of a cookie; None where no clause names it."""
    return next((one for one in policy.cookies if one.name == name), None)


def asked(policy: Policy) -> tuple[str, ...]:
    """The categories the policy has that need a choice."""
    there = {one.category for one in policy.cookies}
    return tuple(category for category in OPTIONAL if category in there)


def of(policy: Policy, category: str) -> tuple[Cookie, ...]:
    """The cookies of a category."""
    return tuple(one for one in policy.cookies if one.category == category)


def grown(chosen_under: str, now: Published) -> frozenset[str]:
    """The categories in which a yes given under that version does not cover what the version in
    force declares: another cookie, a longer life, another owner, more purposes, a tie to the
    person. All of them, if that version is not known.
    """
    if chosen_under == now.version:
        return frozenset()
    try:
        before = version(chosen_under)
    except Refusal:
        return frozenset(OPTIONAL)
    then = before.policy
    known = {(one.name, one.category): one for one in then.cookies}
    return frozenset(
        one.category
        for one in now.policy.cookies
        if one.category != NECESSARY
        and not _covers(known.get((one.name, one.category)), one, then, now.policy)
    )


def _covers(before: Cookie | None, one: Cookie, then: Policy, now: Policy) -> bool:
    return (
        before is not None
        and _owner(then, before) == _owner(now, one)
        and _uses(now, one) <= _uses(then, before)
        and set(one.data) <= set(before.data)
        and (before.links_to_person or not one.links_to_person)
        and not _outlasts(one, before)
    )


def _owner(policy: Policy, one: Cookie) -> str:
    found = policy.recipients.get(one.owner)
    return found.name if found else ""


def _uses(policy: Policy, one: Cookie) -> set[tuple[str, str]]:
    """Its purposes, each with the use it is of: one that keeps its name may become another."""
    known = policy.purposes
    return {(key, known[key].use if key in known else "") for key in one.purposes}


def _outlasts(one: Cookie, before: Cookie) -> bool:
    """A session ends before any span does."""
    if one.lifetime is None or before.lifetime is None:
        return one.lifetime is not None
    return one.lifetime.length > before.lifetime.length
