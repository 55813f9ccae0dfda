"""The policy in a few plain facts. Each is worked out from the rules, never written by hand, so
that it is there exactly when the software holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from troth.kit.words import in_words, plural
from troth.policy import Rules
from troth.policy.blocks import Forbid
from troth.policy.taxonomy import covers

SELLING = "third_party_sharing"
BOUND = {"processor", "agent", "partner", "affiliate", "reseller", "third-party"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A plain sentence, with the clause it follows from."""

    text: str
    clause: str
    icon: str = "check"


def facts(rules: Rules) -> list[Fact]:
    """The facts of a policy, the ones that matter most to people first."""
    return [fact for find in FINDERS for fact in find(rules)]


def _selling(rules: Rules) -> Iterator[Fact]:
    partners = [
        share
        for share in rules.policy.shares
        if {rules.recipients[key].kind for key in share.recipients} & {"partner", "affiliate"}
        and not share.aggregate
        and any(rules.purposes[key].basis != "essential" for key in share.purposes)
    ]
    block = next((b for b in rules.policy.forbids if _forbids_selling(b)), None)
    if block is not None and block.unless == "consent":
        text = "Your data goes to others for their advertising only if you agreed before"
        yield Fact(text, block.clause, "refusal")
    elif block is not None:
        more = "" if partners else " or give it away for advertising"
        yield Fact(f"We never sell your data{more}", block.clause, "refusal")
    if partners:
        weakest = next((s for s in partners if "opt-in" not in s.choice), partners[0])
        asked = {"none": "", "opt-out": ", unless you say no"}
        wish = asked.get(weakest.choice, ", only if you say yes")
        yield Fact(f"Partners may get your data{wish}", weakest.clause, "share")


def _forbids_selling(block: Forbid) -> bool:
    uses = [use.removesuffix(".*") for use in block.uses]
    return (
        block.act in {"share", "any"}
        and not block.data
        and not block.purposes
        and not block.exceptions
        and (not uses or any(covers(use, SELLING) for use in uses))
        and (not block.parties or {"partner", "third-party"} <= set(block.parties))
    )


def _marketing(rules: Rules) -> Iterator[Fact]:
    found = [p for p in rules.purposes.values() if p.use.startswith("marketing")]
    open_ones = [p for p in found if p.basis != "prohibited"]
    if not open_ones:
        if found:
            yield Fact("We send no advertising at all", found[0].clause, "refusal")
        return
    clause = open_ones[0].clause
    if all("opt-in" in p.basis for p in open_ones):
        yield Fact("News and offers come only if you say yes first", clause, "check")
    else:
        yield Fact("One switch ends news and offers, and it holds at once", clause, "check")


def _access(rules: Rules) -> Iterator[Fact]:
    for kind, text in (
        ("access", "You can see what we hold about you, and who looked at it"),
        ("deletion", "You can have it deleted"),
    ):
        right = next((r for r in rules.rights if r.kind == kind), None)
        if right is not None:
            limit = f", within {right.within}" if right.within else ""
            yield Fact(f"{text}{limit}", right.clause, "person" if kind == "access" else "erase")


def _recipients(rules: Rules) -> Iterator[Fact]:
    shares = [
        (share, key)
        for share in rules.policy.shares
        for key in share.recipients
        if rules.recipients[key].kind in BOUND and not share.aggregate
    ]
    if not shares:
        return
    count = len({key for _, key in shares})
    several = (
        f"{in_words(count).capitalize()} companies receive" if count > 1 else "One company receives"
    )
    yield Fact(
        f"{several} data from us, each named in our policy and bound to protect it",
        shares[0][0].clause,
        "share",
    )


def _keeping(rules: Rules) -> Iterator[Fact]:
    keep = rules.keep("user.contact.email")
    if keep is not None:
        fate = {
            "erase": "then it is erased",
            "depersonalise": "then it no longer points to you",
            "lock": "then it is locked away",
        }[keep.then]
        yield Fact(f"How to reach you is kept {keep.period}, {fate}", keep.clause, "clock")


def _cookies(rules: Rules) -> Iterator[Fact]:
    optional = [c for c in rules.cookies if c.category != "necessary"]
    if optional:
        yield Fact(
            f"{plural(len(optional), 'cookie')} only if you accept "
            f"{'it' if len(optional) == 1 else 'them'}; none before you chose",
            optional[0].clause,
            "cookie",
        )
    elif rules.cookies:
        yield Fact("No cookie follows you", rules.cookies[0].clause, "cookie")


def _changes(rules: Rules) -> Iterator[Fact]:
    change = next((c for c in rules.policy.changes if c.window), None)
    if change is not None:
        yield Fact(
            f"If this changes, you have {change.window} to refuse any new use",
            change.clause,
            "policy",
        )


FINDERS: tuple[Callable[[Rules], Iterator[Fact]], ...] = (
    _selling,
    _access,
    _marketing,
    _recipients,
    _keeping,
    _cookies,
    _changes,
)
