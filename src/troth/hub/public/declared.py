"""The cookies a policy declares, as the cookie page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from troth.policy import Policy
from troth.policy.blocks import Cookie

GROUPS: Final = (
    ("necessary", "Needed for what you asked", "Set when you use what needs them, never before."),
    ("preferences", "Your preferences", "Set only if you accept them."),
    ("analytics", "Statistics", "Set only if you accept them."),
    ("marketing", "Marketing", "Set only if you accept them."),
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A cookie in words."""

    name: str
    text: str
    kept: str
    tied: str
    set_by: str
    clause: str


def declared(policy: Policy) -> list[tuple[str, str, list[Declared]]]:
    """The cookies by what they are for: title, when they are set, and each of them."""
    found = [
        (title, text, [_declared(policy, c) for c in policy.cookies if c.category == category])
        for category, title, text in GROUPS
    ]
    return [group for group in found if group[2]]


def _declared(policy: Policy, cookie: Cookie) -> Declared:
    clause = policy.clause(cookie.clause)
    owner = policy.recipients.get(cookie.owner)
    return Declared(
        cookie.name,
        clause.text if clause else cookie.text,
        "until you close the browser" if cookie.lasts == "session" else cookie.lasts,
        "yes, once we know you" if cookie.links_to_person else "no",
        owner.name if owner else policy.company.name,
        cookie.clause,
    )
