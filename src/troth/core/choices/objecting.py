"""An objection for everything at once, as a browser sends it: Global Privacy Control.

https://www.w3.org/TR/gpc/: the person asks that their data be neither sold nor shared with others
for their own ends, nor used to profile them for advertising. What the company itself does with
what it was told, within its own service, is not meant. docs/adr/0016 says which uses count and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.choices.models import Choice
from troth.core.gate.above import OTHERS
from troth.core.gate.manners import parties, recipient
from troth.core.gate.permits import standing_of
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.policy import Rules
from troth.policy.blocks import Purpose
from troth.policy.taxonomy import covers

WAY: Final = "gpc"
WORDING: Final = "Do not sell or share my data, and do not profile me for advertising."
USES: Final = (
    "third_party_sharing",
    "marketing.advertising.third_party",
    "marketing.advertising.profiling",
)
"""fideslang data uses that are objected to, each with all under it."""
LAWFUL: Final = "third_party_sharing.legal_obligation"
"""What the law demands is no sale."""
PROMOTING: Final = ("sales", "marketing")
"""Uses that are objected to where they put data into another's hands."""


def affected(rules: Rules) -> Iterator[tuple[str, str]]:
    """What the objection refuses under a policy: purposes as a whole (manner ""), and the giving
    of a purpose's data to a recipient, where the policy leaves the person a choice about it.
    """
    for key, purpose in rules.purposes.items():
        if purpose.basis == "prohibited":
            continue
        if purpose.basis != "essential" and _meant(purpose, rules):
            yield key, ""
        for party, _ in parties(rules, key):
            if rules.recipients[party].kind in OTHERS and not covers(LAWFUL, purpose.use):
                yield key, recipient(party)


def objection_clause(rules: Rules) -> str:
    """The first clause that lets people object, or else take back a yes; "" if there is none."""
    for kind in ("objection", "withdrawal"):
        for right in rules.rights:
            if right.kind == kind:
                return right.clause
    return ""


@action
def object_to_sharing(person: Person, *, actor: Actor, way: str = WAY) -> list[Choice]:
    """Refuse what the objection is about, unless the person said yes to exactly that.

    A yes given here is specific, and the signal is general: the yes stands until it is taken back
    or ends. What is refused already is left alone, so that repeats change nothing.
    """
    rules = current().rules
    stances = standing_of(person.root_id).stances
    made = []
    for purpose, manner in affected(rules):
        if any((purpose, one) in stances for one in _about(rules, purpose, manner)):
            continue
        choice = choose(
            person,
            actor=actor,
            purpose=purpose,
            yes=False,
            way=way,
            wording=WORDING,
            manner=manner,
        )
        made += [choice] if choice else []
    return made


def _about(rules: Rules, purpose: str, manner: str) -> tuple[str, ...]:
    """The manners whose answer, yes or no, is one to this very thing."""
    explicit = any(
        share.choice == "explicit-opt-in"
        for party, share in parties(rules, purpose)
        if recipient(party) == manner
    )
    return (manner,) if explicit else ("", manner)


def _meant(purpose: Purpose, rules: Rules) -> bool:
    if covers(LAWFUL, purpose.use):
        return False
    if any(covers(use, purpose.use) for use in USES):
        return True
    given_away = any(
        rules.recipients[party].kind in OTHERS
        for share in rules.policy.shares
        if purpose.key in share.purposes and share.choice == "none" and not share.aggregate
        for party in share.recipients
    )
    return given_away and any(covers(use, purpose.use) for use in PROMOTING)
