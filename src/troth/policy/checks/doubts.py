"""What a policy leaves open or says in vain: warnings, and notes."""

from __future__ import annotations

import re

from troth.policy import words
from troth.policy.blocks import Collect, Cookie, Keep, Share
from troth.policy.calendars import fault
from troth.policy.checks.ground import Ground
from troth.policy.taxonomy import SENSITIVE, covers, uses

_OPEN = re.compile(
    r"\b(any|other|all|various|general)\b.{0,20}\b(purpose|activit|reason|use|need)", re.IGNORECASE
)
_VAGUE = {"other", "misc", "miscellaneous", "general", "various", "anything", "business"}
_EEA = {
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
    *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
}


def catch_all(ground: Ground) -> None:
    """A purpose is one that people can picture."""
    for purpose in ground.policy.purposes.values():
        if purpose.basis == "prohibited":
            continue
        children = len(uses().under(purpose.use)) > 1
        if purpose.use == "collect" or (children and "." not in purpose.use):
            message = f"The data use `{purpose.use}` says hardly anything"
            below = [name for name in uses().under(purpose.use)[1:] if name.count(".") == 1]
            hint = f"Choose one under it: {', '.join(below)}." if below else ""
            ground.say("T401", purpose, message, hint, key="use")
        elif purpose.key in _VAGUE or _OPEN.search(purpose.label):
            ground.say("T401", purpose, f"`{purpose.label}` could be anything", key="label")


def marketing(ground: Ground) -> None:
    """Marketing can be refused."""
    for purpose in ground.policy.purposes.values():
        if covers("marketing", purpose.use) and purpose.basis == "essential":
            message = f"`{purpose.key}` is marketing that nobody can refuse"
            ground.say("T417", purpose, message, key="basis")


def aimless(ground: Ground) -> None:
    """Data has purposes and purposes have data."""
    policy = ground.policy
    for collect in policy.collects:
        if not collect.everything:
            ground.say("T418", collect, f"`{collect.at}` collects nothing")
        if not collect.purposes:
            message = f"`{collect.at}` collects data that may serve no purpose"
            ground.say("T402", collect, message, key="for")
    if not ground.sure("collect", "share", "cookie"):
        return
    blocks: tuple[Collect | Share | Cookie, ...]
    blocks = (*policy.collects, *policy.shares, *policy.cookies)
    served = {key for block in blocks for key in block.purposes}
    for key, purpose in policy.purposes.items():
        if key not in served and purpose.basis != "prohibited":
            ground.say("T403", purpose, f"No clause collects anything for `{key}`")


def retention(ground: Ground) -> None:
    """What is collected is removed some day, and what is removed was there."""
    for block in ground.policy.collects:
        if block.pass_to or not ground.sure("keep"):
            continue
        bare = [
            one
            for one in ground.categories(block.everything)
            if not any(_keeps(ground, keep, block, one) for keep in ground.policy.keeps)
        ]
        if bare:
            listed = ", ".join(f"`{one}`" for one in dict.fromkeys(bare))
            ground.say("T404", block, f"No clause says how long {listed} of `{block.at}` is kept")
    for keep in ground.policy.keeps:
        for index, name in enumerate(keep.data):
            known = ground.categories((name,))
            if known and ground.misses(known[0]):
                ground.say("T414", keep, f"`{name}` is never collected", key="data", index=index)


def _keeps(ground: Ground, keep: Keep, block: Collect, category: str) -> bool:
    if keep.at and block.at not in keep.at:
        return False
    if keep.purposes and not set(keep.purposes) & set(block.purposes):
        return False
    return any(covers(one, category) for one in ground.categories(keep.data))


def sensitive(ground: Ground) -> None:
    """Data of the kinds the law singles out has explicit consent."""
    policy = ground.policy
    guarded = [
        one
        for block in policy.sensitives
        if block.basis == "explicit-opt-in"
        for one in ground.categories(block.data)
    ]
    for collect in policy.collects:
        weak = [
            key
            for key in collect.purposes
            if key in policy.purposes
            and policy.purposes[key].basis not in ("explicit-opt-in", "prohibited")
        ]
        for category in dict.fromkeys(ground.categories(collect.everything)):
            if not any(covers(one, category) for one in SENSITIVE) or not weak:
                continue
            if not any(covers(one, category) for one in guarded):
                basis = policy.purposes[weak[0]].basis
                message = f"`{category}` is sensitive, and `{weak[0]}` only asks for {basis}"
                ground.say("T405", collect, message)


def minimum_age(ground: Ground) -> None:
    """The policy says who is too young."""
    if ground.policy.company.minimum_age is None and not ground.policy.ages:
        ground.say("T406", ground.policy.company, "The policy names no minimum age")


def idle(ground: Ground) -> None:
    """What is declared is used: elements, recipients, sections, shares."""
    policy = ground.policy
    named = {name for block in policy.collects for name in block.everything}
    for key, element in policy.elements.items():
        if key not in named and ground.sure("collect"):
            ground.say("T407", element, f"No clause collects `{key}`")
    owners = {block.owner for block in policy.cookies}
    for key, recipient in policy.recipients.items():
        served = key in owners or ground.receives(recipient) or any(ground.shares_with(key))
        if not served and ground.sure("collect", "share", "cookie", "recipients"):
            ground.say("T408", recipient, f"No clause shares anything with `{key}`")
    for share in policy.shares:
        for index, name in enumerate(share.data):
            known = ground.categories((name,))
            if known and ground.misses(known[0]):
                ground.say("T409", share, f"`{name}` is never collected", key="data", index=index)


def sections(ground: Ground) -> None:
    """Every clause stands under a heading, and every heading has clauses."""
    policy = ground.policy
    if not policy.sections:
        return
    used = set()
    for clause in policy.clauses:
        section = policy.section(clause.clause)
        if section is None:
            message = f"Clause {clause.clause} stands under no section"
            ground.say("T411", clause.blocks[0], message, key="clause")
            continue
        number = section.number
        while number:
            used.add(number)
            number = number.rpartition(".")[0]
    for section in policy.sections:
        if section.number not in used:
            ground.say("T415", section, f"No clause stands under section {section.number}")


def abroad(ground: Ground) -> None:
    """A transfer to another country has a safeguard for transfers; safeguards still hold."""
    policy = ground.policy
    home = "" if fault(policy.company.calendar) else policy.company.country
    for recipient in policy.recipients.values():
        if not ground.receives(recipient):
            continue
        away = bool(recipient.country and home) and recipient.country != home
        away = away and not {home, recipient.country} <= _EEA and recipient.kind in words.BOUND
        if away and recipient.safeguards and not set(words.TRANSFER) & set(recipient.safeguards):
            message = f"`{recipient.key}` holds data in {recipient.country}, not in {home}"
            ground.say("T412", recipient, message, key="safeguards")
        expires = recipient.expires
        if expires and policy.effective < expires <= ground.today:
            message = f"The safeguards of `{recipient.key}` ran out on {expires}"
            ground.say("T413", recipient, message, key="expires")


def informing(ground: Ground) -> None:
    """Sentences without effect are marked as such."""
    for block in ground.policy.informs:
        ground.say("T901", block, f"Clause {block.clause} has no machine effect", key="clause")


CHECKS = (
    catch_all,
    marketing,
    aimless,
    retention,
    sensitive,
    minimum_age,
    idle,
    sections,
    abroad,
    informing,
)
