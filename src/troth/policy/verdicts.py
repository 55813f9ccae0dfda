"""What a policy says to one question, worked out from its clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from troth.policy import taxonomy, words
from troth.policy.blocks import Forbid, Purpose, Recipient, Safeguard, Sensitive
from troth.policy.model import Policy
from troth.policy.taxonomy import covers, overlap


@dataclass(frozen=True, slots=True)
class Rule:
    """The answer to a question.

    `clause` permits, or forbids; "" if nothing speaks of it. `basis` is what the person has to
    have decided for the purpose, `choice` what has to be asked before a disclosure. `obligations`
    are `word:value`: `collect:2.4` (the clauses the data was collected under), `pass:psp`,
    `window:14 days`, `aggregate:10`, `ground:court-order`, `need:document`, `consent:7.2`
    and `sensitive:10.1` (the clauses that raised the basis).
    """

    allowed: bool
    clause: str = ""
    basis: str = ""
    reason: str = ""
    choice: str = "none"
    obligations: tuple[str, ...] = ()

    @property
    def aggregate(self) -> bool:
        """Whether only figures about groups leave, and no personal data."""
        return any(word.startswith("aggregate:") for word in self.obligations)


def stronger(one: str, other: str) -> str:
    """The basis or choice that asks more of the company."""
    return other if words.STRENGTH[other] > words.STRENGTH.get(one, 9) else one


class Verdicts:
    """The clauses that refuse or raise the bar, asked one question at a time."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._touchpoints = {block.at for block in policy.collects}
        blocks: tuple[Forbid | Sensitive, ...] = (*policy.forbids, *policy.sensitives)
        self._data = {
            id(block): tuple(policy.category(name) for name in block.data) for block in blocks
        }

    def permission(
        self,
        act: str,
        purpose: Purpose,
        category: str,
        party: str,
        clauses: Sequence[str],
        given: Rule,
    ) -> Rule:
        """The rule `given` by a permitting clause, after all that overrules or tightens it.

        `clauses` are the numbers of the clauses that permit it, for the exceptions of others.
        """
        refused = self._overruled(act, purpose, category, party, clauses)
        if refused:
            return refused
        if act == "share" and not given.aggregate:
            missing = self.unguarded(self.policy.recipients[party])
            if missing is not None:
                return Rule(False, missing, purpose.basis, "safeguard-missing")
        basis, choice, obligations = given.basis, given.choice, given.obligations
        for forbid in self._forbids(act, purpose, category, party, clauses):
            basis, choice = _raised(act, basis, choice, "opt-in")
            obligations = (*obligations, f"consent:{forbid.clause}")
        for block in self.policy.sensitives:
            if act in block.acts and any(overlap(one, category) for one in self._data[id(block)]):
                basis, choice = _raised(act, basis, choice, block.basis)
                obligations = (*obligations, f"sensitive:{block.clause}")
        return Rule(True, given.clause, basis, "", choice, obligations)

    def refusal(self, act: str, purpose: str, category: str, party: str) -> Rule:
        """Why what no clause permits is refused."""
        found = self.policy.purposes.get(purpose)
        if found is None:
            return Rule(False, reason="unknown-purpose")
        if category not in taxonomy.categories():
            return Rule(False, reason="unknown-category")
        if act == "share" and party not in self.policy.recipients:
            return Rule(False, reason="unknown-recipient")
        if act == "collect" and party not in self._touchpoints:
            return Rule(False, reason="unknown-touchpoint")
        overruled = act in words.ACTS and self._overruled(act, found, category, party, ())
        return overruled or Rule(False, basis=found.basis, reason="no-clause")

    def _overruled(
        self, act: str, purpose: Purpose, category: str, party: str, clauses: Sequence[str]
    ) -> Rule | None:
        if purpose.basis == "prohibited":
            return Rule(False, purpose.clause, purpose.basis, "prohibited")
        for forbid in self._forbids(act, purpose, category, party, clauses, absolute=True):
            return Rule(False, forbid.clause, purpose.basis, "forbidden")
        return None

    def _forbids(
        self,
        act: str,
        purpose: Purpose,
        category: str,
        party: str,
        clauses: Sequence[str],
        *,
        absolute: bool = False,
    ) -> list[Forbid]:
        """The clauses that forbid it: always, or unless the person agreed."""
        return [
            block
            for block in self.policy.forbids
            if (block.unless == "") == absolute
            and not set(block.exceptions) & set(clauses)
            and forbids(block, self._data[id(block)], act, purpose, category,
                        self.policy.recipients.get(party))
        ]

    def unguarded(self, recipient: Recipient) -> str | None:
        """None if the recipient is bound as it must be, else the clause that asks for it or ""."""
        for block in self.policy.safeguards:
            if meant(block, recipient) and not set(block.one_of) & set(recipient.safeguards):
                return block.clause
        bare = recipient.kind in words.BOUND and not recipient.safeguards
        return "" if bare else None


def meant(block: Forbid | Safeguard, recipient: Recipient) -> bool:
    """Whether a clause's `with` means this recipient."""
    return recipient.key in block.parties or recipient.kind in block.parties


def forbids(
    block: Forbid,
    data: Sequence[str],
    act: str,
    purpose: Purpose,
    category: str,
    recipient: Recipient | None,
) -> bool:
    """Whether the clause speaks of this act; `data` are the categories of its list.

    Asking for a category that only includes a forbidden one is forbidden too.
    """
    if block.act not in (act, "any"):
        return False
    if block.uses and not any(covers(use, purpose.use) for use in block.uses):
        return False
    if block.purposes and purpose.key not in block.purposes:
        return False
    if data and not any(overlap(one, category) for one in data):
        return False
    return not block.parties or (recipient is not None and meant(block, recipient))


def _raised(act: str, basis: str, choice: str, least: str) -> tuple[str, str]:
    """Basis and choice after a clause that asks for consent: on a disclosure it is asked as a
    choice, else it is the purpose's basis."""
    if act == "share":
        return basis, stronger(choice, least)
    return stronger(basis, least), choice
