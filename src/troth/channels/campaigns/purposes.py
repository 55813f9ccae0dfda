"""What a campaign can be for, and what of a person it may be written with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from troth.core.errors import Denied, Invalid
from troth.core.notices.versions import current
from troth.policy import Rules
from troth.policy.blocks import Purpose

EMAIL: Final = "user.contact.email"
OPENED: Final = "campaigns.open"
NEWS: Final = "news"
NOTICE: Final = "notice"
_CHOOSE: Final = {
    NEWS: ("A campaign", "that people can refuse"),
    NOTICE: ("A notice", "that belongs to the service"),
}
_MARKETING: Final = "marketing"
# What no letter is made of, whatever a policy says about its use.
_NEVER: Final = ("user.authorization", "user.financial", "user.content", "user.contact.email")


class PurposeDenied(Denied):
    """A campaign cannot be for this purpose."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A data element that may stand in the letter as ``{{ key }}``."""

    key: str
    label: str
    category: str
    clause: str


def purposes(kind: str = NEWS) -> dict[str, Purpose]:
    """The purposes a campaign of this kind can be for, by e-mail: those people can refuse; of a
    notice, those that belong to the service.
    """
    rules = current().rules
    return {key: found for key, found in rules.purposes.items() if not _why_not(rules, found, kind)}


def purpose_named(key: str, kind: str = NEWS) -> Purpose:
    """The purpose. Raises `PurposeDenied` with the clause where no such campaign may be for it."""
    rules = current().rules
    found = rules.purposes.get(key)
    if found is None:
        raise Invalid("There is no such purpose in the policy.", do="Choose one from the list.")
    if why := _why_not(rules, found, kind):
        what, choose = _CHOOSE[kind]
        raise PurposeDenied(
            f"{what} cannot be for “{found.label}”.",
            why=why,
            clause=found.clause,
            do=f"Choose a purpose {choose}, or publish a policy that has one.",
        )
    return found


def is_notice(kind: str, purpose: str) -> bool:
    """Whether a letter is part of the service: written as a notice, and for what nobody can refuse
    under the policy in force. What a later version lets people refuse carries the way out again.
    """
    found = current().rules.purposes.get(purpose)
    return kind == NOTICE and found is not None and found.basis == "essential"


def _why_not(rules: Rules, purpose: Purpose, kind: str) -> str:
    if kind == NOTICE:
        return _why_no_notice(rules, purpose)
    if purpose.basis == "essential":
        return "It is essential: such mail is a notice, and may carry no marketing."
    if purpose.basis == "prohibited":
        return "The policy forbids it."
    by_mail = "email" in purpose.channels or (
        not purpose.channels and purpose.use.startswith(_MARKETING)
    )
    if not by_mail:
        return "The policy does not say that people are written to for it by e-mail."
    if not (rule := rules.find("use", purpose.key, EMAIL)).allowed:
        return rules.explain("use", purpose.key, EMAIL) or rule.reason
    return ""


def _why_no_notice(rules: Rules, purpose: Purpose) -> str:
    """A notice goes to whoever said no to all else, so it is for nothing that can be refused."""
    if purpose.basis != "essential":
        return "People can refuse it: a notice reaches those who did, so it may carry none of it."
    if not purpose.use.startswith("essential"):
        return "It is no part of the service itself, though nobody who takes part can refuse it."
    if "email" not in purpose.channels:
        return "The policy does not say that people are written to for it by e-mail."
    if not (rule := rules.find("use", purpose.key, EMAIL)).allowed:
        return rules.explain("use", purpose.key, EMAIL) or rule.reason
    return ""


def slots(purpose: str) -> dict[str, Slot]:
    """The elements that a letter for this purpose may be written with, by key."""
    rules = current().rules
    found: dict[str, Slot] = {}
    for touchpoint in rules.touchpoints.values():
        for field in touchpoint.fields:
            if field.category.startswith(_NEVER) or field.pass_to:
                continue
            rule = rules.find("use", purpose, field.category)
            if rule.allowed and purpose in touchpoint.purposes:
                key = field.key.rpartition(".")[2]
                found.setdefault(key, Slot(key, field.label, field.category, rule.clause))
    return found


def tracking_purpose() -> str:
    """The purpose for which opening a mail is collected, or nothing: then nothing is tracked."""
    rules = current().rules
    touchpoint = rules.touchpoints.get(OPENED)
    return touchpoint.purposes[0] if touchpoint and touchpoint.purposes else ""
