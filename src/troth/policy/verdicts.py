"""What a policy says to one question, worked out from its clauses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


@dataclass(frozen=True, slots=True)
class Case:
    """An act with one category of data, all its names known to the policy."""

    act: str
    purpose: Purpose
    category: str
    recipient: Recipient | None = None


class Verdicts:
    """The clauses that refuse or raise the bar, asked one case at a time."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._touchpoints = {block.at for block in policy.collects}
        blocks: tuple[Forbid | Sensitive, ...] = (*policy.forbids, *policy.sensitives)
        self._data = {
            id(block): tuple(policy.category(name) for name in block.data) for block in blocks
        }

    def permission(self, case: Case, clauses: Collection[str], given: Rule) -> Rule:
        """The rule `given` by a permitting clause, after all that overrules or tightens it.

        `clauses` are the numbers of the clauses that permit it, for the exceptions of others.
        """
        refused = self._overruled(case, clauses)
        if refused:
            return refused
        if case.recipient and not given.aggregate:
            missing = self.unguarded(case.recipient)
            if missing is not None:
                return Rule(False, missing, case.purpose.basis, "safeguard-missing")
        basis, choice, obligations = given.basis, given.choice, given.obligations
        for forbid in self._forbids(case, clauses, unless="consent"):
            basis, choice = _raised(case.act, basis, choice, "opt-in")
            obligations = (*obligations, f"consent:{forbid.clause}")
        for block in self.policy.sensitives:
            data = self._data[id(block)]
            if case.act in block.acts and any(overlap(one, case.category) for one in data):
                # Of sensitive data a yes to the purpose is none to who else receives it.
                if case.act == "share":
                    choice = stronger(choice, block.basis)
                else:
                    basis = stronger(basis, block.basis)
                obligations = (*obligations, f"sensitive:{block.clause}")
        return Rule(True, given.clause, basis, "", choice, obligations)

    def refusal(self, act: str, purpose: str, category: str, party: str) -> Rule:
        """Why what no clause permits is refused."""
        reason = ""
        if purpose not in self.policy.purposes:
            reason = "unknown-purpose"
        elif category not in taxonomy.categories():
            reason = "unknown-category"
        elif act == "share" and party not in self.policy.recipients:
            reason = "unknown-recipient"
        elif act == "collect" and party not in self._touchpoints:
            reason = "unknown-touchpoint"
        if reason:
            return Rule(False, reason=reason)
        recipient = self.policy.recipients[party] if act == "share" else None
        case = Case(act, self.policy.purposes[purpose], category, recipient)
        return self._overruled(case, ()) or Rule(False, "", case.purpose.basis, "no-clause")

    def _overruled(self, case: Case, clauses: Collection[str]) -> Rule | None:
        basis = case.purpose.basis
        if basis == "prohibited":
            return Rule(False, case.purpose.clause, basis, "prohibited")
        for forbid in self._forbids(case, clauses, unless=""):
            return Rule(False, forbid.clause, basis, "forbidden")
        return None

    def _forbids(self, case: Case, clauses: Collection[str], *, unless: str) -> list[Forbid]:
        return [
            block
            for block in self.policy.forbids
            if block.unless == unless
            and not set(block.exceptions) & set(clauses)
            and forbids(block, self._data[id(block)], case)
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


def forbids(block: Forbid, data: Sequence[str], case: Case) -> bool:
    """Whether the clause speaks of this case; `data` are the categories of its list.

    Asking for a category that only includes a forbidden one is forbidden too.
    """
    return (
        block.act in (case.act, "any")
        and (not block.uses or any(covers(use, case.purpose.use) for use in block.uses))
        and (not block.purposes or case.purpose.key in block.purposes)
        and (not data or any(overlap(one, case.category) for one in data))
        and (not block.parties or (case.recipient is not None and meant(block, case.recipient)))
    )


def stronger(one: str, other: str) -> str:
    """The basis or choice that asks more of the company."""
    return max(one, other, key=lambda word: words.STRENGTH.get(word, len(words.STRENGTH)))


def _raised(act: str, basis: str, choice: str, least: str) -> tuple[str, str]:
    """Basis and choice after a clause that asks for consent: on a disclosure it is asked as a
    choice (unless the purpose itself asks as much), else it is the purpose's basis."""
    if act == "share":
        agreed = stronger(basis, least) == basis
        return basis, choice if agreed else stronger(choice, least)
    return stronger(basis, least), choice
