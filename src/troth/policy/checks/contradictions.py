"""What one clause permits or promises and another rules out: errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from troth.policy import words
from troth.policy.blocks import Block, Collect, Cookie, Forbid, Purpose, Share
from troth.policy.checks.ground import Ground
from troth.policy.model import Policy
from troth.policy.periods import Period
from troth.policy.shape import slots
from troth.policy.taxonomy import CARD, covers, overlap
from troth.policy.verdicts import Case, forbids, meant

_NARROWER = (
    "Name what is needed, such as `user.financial.bank_account`, or pass it to the processor "
    "with `pass_to`."
)


def forbidden(ground: Ground) -> None:
    """No clause permits what another forbids."""
    for forbid in ground.policy.forbids:
        data = ground.categories(forbid.data)
        if forbid.data and not data:
            continue
        said: set[tuple[int, str]] = set()
        for block, case in _permitted(ground):
            numbers = {block.clause, case.purpose.clause if case.act == "use" else ""}
            if numbers & set(forbid.exceptions) or (id(block), case.act) in said:
                continue
            # A clause for `user` beside a forbidden `user.biometric` is only narrowed by it.
            if data and not any(covers(one, case.category) for one in data):
                continue
            if forbids(forbid, data, case) and not (forbid.unless and _agreed(block, case)):
                said.add((id(block), case.act))
                _clash(ground, forbid, block, case)


def _agreed(block: Collect | Share, case: Case) -> bool:
    choice = block.choice if isinstance(block, Share) else "none"
    return choice in words.ASKED or case.purpose.basis in words.ASKED


def _clash(ground: Ground, forbid: Forbid, block: Collect | Share, case: Case) -> None:
    doing = {"collect": "collects", "use": "lets use", "share": "shares"}[case.act]
    message = (
        f"Clause {block.clause} {doing} `{case.category}` for `{case.purpose.key}`"
        + (f" with `{case.recipient.key}`" if case.recipient else "")
        + f", which clause {forbid.clause} forbids"
        + (" without consent" if forbid.unless else "")
    )
    index = block.purposes.index(case.purpose.key)
    ground.say("T311" if forbid.unless else "T301", block, message, key="for", index=index)


def _permitted(ground: Ground) -> Iterator[tuple[Collect | Share, Case]]:
    policy = ground.policy
    for collect in policy.collects:
        for purpose in _purposes(ground, collect):
            for category in ground.categories(collect.everything):
                yield collect, Case("collect", purpose, category)
                yield collect, Case("use", purpose, category)
    for share in policy.shares:
        parties = [policy.recipients[key] for key in share.recipients if key in policy.recipients]
        for purpose in _purposes(ground, share):
            for category in ground.categories(share.data):
                for party in parties:
                    yield share, Case("share", purpose, category, party)


def _purposes(ground: Ground, block: Collect | Share) -> list[Purpose]:
    """The known purposes of a clause; a prohibited one is a problem of its own."""
    found = [ground.policy.purposes.get(key) for key in block.purposes]
    return [one for one in found if one is not None and one.basis != "prohibited"]


def prohibited(ground: Ground) -> None:
    """Nothing is done for a purpose the policy rules out."""
    policy = ground.policy
    blocks: tuple[Collect | Share | Cookie, ...]
    blocks = (*policy.collects, *policy.shares, *policy.cookies)
    for block in blocks:
        for index, key in enumerate(block.purposes):
            purpose = policy.purposes.get(key)
            if purpose is not None and purpose.basis == "prohibited":
                message = f"Clause {block.clause} serves `{key}`, prohibited by {purpose.clause}"
                ground.say("T302", block, message, key="for", index=index)


def safeguards(ground: Ground) -> None:
    """Every recipient of personal data is bound as it has to be, on the first day too."""
    policy = ground.policy
    for recipient in policy.recipients.values():
        if not ground.receives(recipient):
            continue
        if recipient.kind in words.BOUND and not recipient.safeguards:
            message = f"`{recipient.key}` receives personal data without a safeguard"
            ground.say("T303", recipient, message)
        for block in policy.safeguards:
            if meant(block, recipient) and not set(block.one_of) & set(recipient.safeguards):
                message = (
                    f"Clause {block.clause} asks `{recipient.key}` for one of "
                    f"{', '.join(block.one_of)}"
                )
                ground.say("T304", recipient, message, key="safeguards")
        if recipient.expires and recipient.expires <= policy.effective:
            message = (
                f"The safeguards of `{recipient.key}` run out on {recipient.expires}, "
                f"before the policy takes effect on {policy.effective}"
            )
            ground.say("T305", recipient, message, key="expires")


def levels(ground: Ground) -> None:
    """Who asks others to guard data as strongly as itself says how strongly that is."""
    if not any(block.level for block in ground.policy.secures):
        for block in ground.policy.safeguards:
            if block.as_strong:
                message = f"Clause {block.clause} compares with a level that no clause names"
                ground.say("T316", block, message, key="as_strong")


def dates(ground: Ground) -> None:
    """A revision comes before the day it takes effect."""
    heading = ground.policy.heading
    known = heading.effective > date.min
    if known and heading.revised and heading.revised > heading.effective:
        message = f"Revised on {heading.revised}, after it took effect on {heading.effective}"
        ground.say("T306", heading, message, key="revised")


def cards(ground: Ground) -> None:
    """Card numbers go to a processor and are not kept."""
    for block in ground.policy.collects:
        party = ground.policy.recipients.get(block.pass_to)
        for key, listed in (
            ("required", block.required),
            ("optional", block.optional),
            ("data", block.data),
        ):
            for index, name in enumerate(listed):
                category = ground.policy.category(name)
                if not overlap(category, CARD):
                    continue
                where = f"`{block.at}` collects `{name}`"
                if not block.pass_to and covers(CARD, category):
                    ground.say("T307", block, f"{where} to keep it", key=key, index=index)
                elif not block.pass_to:
                    message = f"{where}, which includes card numbers, to keep it"
                    ground.say("T307", block, message, _NARROWER, key=key, index=index)
                elif party is not None and party.kind != "processor":
                    message = f"{where} and passes it to `{party.key}`, which is no processor"
                    ground.say("T307", block, message, key="pass_to")


def calendars(ground: Ground) -> None:
    """Business days are counted with a calendar."""
    if ground.policy.company.calendar:
        return
    for _, item in ground.tables:
        for slot in slots(type(item)).values():
            value = getattr(item, slot.attribute)
            if isinstance(value, Period) and value.business:
                message = f"`{value}` needs the company's calendar"
                ground.say("T308", item, message, key=slot.name)


def ages(ground: Ground) -> None:
    """There is one minimum age."""
    company = ground.policy.company
    first = company.minimum_age
    for block in ground.policy.ages:
        if first is not None and block.minimum != first:
            message = f"The minimum age is {block.minimum} here and {first} before"
            ground.say("T309", block, message, key="minimum")
        first = first or block.minimum


def promised_twice(ground: Ground) -> None:
    """One question has one answer: how long, by when, which cookie."""
    policy = ground.policy
    answers: dict[object, tuple[object, Block]] = {}
    for question, block, key, answer in _questions(policy):
        first, other = answers.setdefault(question, (answer, block))
        if first != answer:
            message = (
                f"Clause {block.clause} says something else than clause {other.clause} on line "
                f"{other.line}"
            )
            ground.say("T310", block, message, key=key)


def _questions(policy: Policy) -> Iterator[tuple[object, Block, str, object]]:
    """What is asked, the block that answers, the key of the answer, and the answer."""
    for keep in policy.keeps:
        about = ("keep", frozenset(keep.data), frozenset(keep.at), frozenset(keep.purposes))
        if keep.period:
            yield about, keep, "period", (keep.period, keep.then)
    for right in policy.rights:
        if right.within:
            asked = ("right", right.kind, right.who, frozenset(right.data))
            yield asked, right, "within", right.within
    for deadline in policy.deadlines:
        if deadline.of and deadline.within:
            yield ("deadline", deadline.of), deadline, "within", deadline.within
    for cookie in policy.cookies:
        answer = (cookie.category, cookie.lasts, cookie.links_to_person)
        yield ("cookie", cookie.name), cookie, "name", answer


CHECKS = (
    forbidden,
    prohibited,
    safeguards,
    levels,
    dates,
    cards,
    calendars,
    ages,
    promised_twice,
)
