"""A policy compiled: what may be done with which data, answered by one look-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from time import time as now

from troth.policy import taxonomy
from troth.policy.blocks import Collect, Cookie, Deadline, Inform, Keep, Purpose, Recipient, Right
from troth.policy.explanation import explain
from troth.policy.model import Policy
from troth.policy.taxonomy import covers
from troth.policy.touchpoints import Touchpoint, touchpoints
from troth.policy.verdicts import Case, Rule, Verdicts

Question = tuple[str, str, str, str]
"""Act, purpose, category, and the touchpoint (collect) or recipient (share), "" for use."""


class _Table(dict[Question, Rule]):
    """Rules by question. What nothing permits is worked out when first asked.

    Only questions whose every word the policy knows are remembered, so that what callers make up
    cannot fill the memory.
    """

    def __init__(self, verdicts: Verdicts) -> None:
        super().__init__()
        self._verdicts = verdicts

    def __missing__(self, question: Question) -> Rule:
        rule = self._verdicts.refusal(*question)
        if question[0] in ("collect", "share") and not rule.reason.startswith("unknown"):
            self[question] = rule
        return rule


class Rules:
    """What a policy permits. Deny is the default: what no clause permits is refused."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.verdicts = Verdicts(policy)
        self.purposes: dict[str, Purpose] = policy.purposes
        self.recipients: dict[str, Recipient] = policy.recipients
        self.cookies: tuple[Cookie, ...] = policy.cookies
        self.keeps: tuple[Keep, ...] = policy.keeps
        self.rights: tuple[Right, ...] = policy.rights
        self.deadlines: dict[str, Deadline] = {block.of: block for block in policy.deadlines}
        self.touchpoints: dict[str, Touchpoint] = touchpoints(policy)
        self._expiring = {
            key: datetime.combine(party.expires, time.min, UTC).timestamp()
            for key, party in policy.recipients.items()
            if party.expires
        }
        self._table = _Table(self.verdicts)
        for question, rule in permissions(policy, self.verdicts):
            self._table[question] = rule

    def find(
        self, act: str, purpose: str, category: str, party: str = "", on: date | None = None
    ) -> Rule:
        """The rule for an act (collect, use, share); never None.

        `party` is the touchpoint of a collect or the recipient of a share. `on` is the day,
        today (UTC) if left out; it matters only for recipients whose safeguards expire.
        """
        if act == "share" and party in self._expiring:
            return self._on(self._table[act, purpose, category, party], party, on)
        return self._table[act, purpose, category, party]

    def _on(self, rule: Rule, party: str, on: date | None) -> Rule:
        # A plain number is compared, since making a date would cost more than the look-up.
        moment = datetime.combine(on, time.min, UTC).timestamp() if on else now()
        if moment < self._expiring[party] or not rule.allowed or rule.aggregate:
            return rule
        clause = self.recipients[party].clause
        return replace(rule, allowed=False, clause=clause, reason="safeguard-expired")

    def explain(
        self, act: str, purpose: str, category: str, party: str = "", on: date | None = None
    ) -> str:
        """The rule in words: what, why (the clause, or what comes nearest), what to do."""
        rule = self.find(act, purpose, category, party, on)
        return explain(self.policy, rule, (act, purpose, category, party), self.granted())

    def granted(self) -> Iterator[tuple[Question, Rule]]:
        """Everything permitted, question by question."""
        return ((question, rule) for question, rule in self._table.items() if rule.allowed)

    def category(self, name: str) -> str:
        """The category an element (or category) in a list means."""
        return self.policy.category(name)

    def keep(self, category: str, touchpoint: str = "", purpose: str = "") -> Keep | None:
        """The retention clause for data of a category, or None.

        The clause for the touchpoint goes before one for the purpose, that before a general one;
        among equals the one with the closest category, then the first.
        """
        best: tuple[int, Keep] | None = None
        for block in self.keeps:
            if (block.at and touchpoint not in block.at) or (
                block.purposes and purpose not in block.purposes
            ):
                continue
            near = [len(name) for name in map(self.category, block.data) if covers(name, category)]
            if near:
                score = max(near) + 1000 * bool(block.purposes) + 2000 * bool(block.at)
                if best is None or score > best[0]:
                    best = score, block
        return best[1] if best else None

    def informs_at(self, touchpoint: str) -> tuple[Inform, ...]:
        """The sentences to show at a touchpoint beside its own notice."""
        return tuple(block for block in self.policy.informs if touchpoint in block.at)

    @property
    def online_clause(self) -> str:
        """The clause that limits the policy to what is collected online; "" if none does."""
        return next((block.clause for block in self.policy.scopes if block.online_only), "")

    @property
    def minimum_age(self) -> int | None:
        """Nobody younger is served."""
        ages = [block.minimum for block in self.policy.ages]
        return ages[0] if ages else self.policy.company.minimum_age

    @property
    def notify(self) -> tuple[str, ...]:
        """Where a new version is announced: site, home, mail."""
        places = [place for block in self.policy.changes for place in block.notify]
        return tuple(dict.fromkeys(places))

    @property
    def window(self) -> timedelta:
        """How long people have to refuse a new use before it begins; zero if the policy names
        no time."""
        windows = [block.window.length for block in self.policy.changes if block.window]
        return max(windows, default=timedelta())

    def refusable_until(self, told: datetime) -> datetime:
        """When the time to refuse a new use is over for somebody who was told at `told`."""
        calendar = self.policy.company.calendar
        ends = [b.window.due(told, calendar) for b in self.policy.changes if b.window]
        return max(ends, default=told)

    def consent_ends(self, purpose: str, given: datetime) -> datetime | None:
        """When a yes that was given at `given` has to be given anew; None: it holds."""
        lasts = self.purposes[purpose].lasts if purpose in self.purposes else None
        return lasts.due(given, self.policy.company.calendar) if lasts else None


def compile(policy: Policy) -> Rules:  # noqa: A001 - the word for it, always used qualified
    """The rules of a policy."""
    return Rules(policy)


def permissions(policy: Policy, verdicts: Verdicts) -> Iterator[tuple[Question, Rule]]:
    """Each question a clause answers, with the rule. Of two clauses the one with the closer
    category answers, then the first in the file."""
    for act, candidates in (
        ("collect", _collected(policy)),
        ("use", _used(policy)),
        ("share", _shared(policy)),
    ):
        chosen: dict[tuple[str, str, str], tuple[int, Rule, tuple[str, ...]]] = {}
        for purpose, category, party, rule, clauses in candidates:
            for one in taxonomy.categories().under(category):
                before = chosen.get((purpose, one, party))
                if before is None or len(category) > before[0]:
                    chosen[purpose, one, party] = (len(category), rule, clauses)
        for (purpose, category, party), (_, rule, clauses) in chosen.items():
            recipient = policy.recipients[party] if act == "share" else None
            case = Case(act, policy.purposes[purpose], category, recipient)
            yield (act, purpose, category, party), verdicts.permission(case, clauses, rule)


Candidate = tuple[str, str, str, Rule, tuple[str, ...]]


def _collected(policy: Policy) -> Iterator[Candidate]:
    for block in policy.collects:
        obligations = (f"pass:{block.pass_to}",) if block.pass_to else ()
        for purpose in block.purposes:
            basis = policy.purposes[purpose].basis
            rule = Rule(True, block.clause, basis, obligations=obligations)
            for name in block.everything:
                yield purpose, policy.category(name), block.at, rule, (block.clause,)


def _used(policy: Policy) -> Iterator[Candidate]:
    """A purpose may use a category that some clause collects for it."""
    sources: dict[tuple[str, str], list[Collect]] = {}
    for block in policy.collects:
        for purpose in block.purposes:
            for name in block.everything:
                sources.setdefault((purpose, policy.category(name)), []).append(block)
    for purpose, category in sources:
        wider = _unique(
            block
            for (other, covering), blocks in sources.items()
            if other == purpose and covers(covering, category)
            for block in blocks
        )
        clauses = tuple(dict.fromkeys(block.clause for block in wider))
        passed = dict.fromkeys(block.pass_to for block in wider if block.pass_to)
        declared = policy.purposes[purpose]
        obligations = tuple(f"collect:{clause}" for clause in clauses)
        obligations += tuple(f"pass:{party}" for party in passed)
        rule = Rule(True, declared.clause, declared.basis, obligations=obligations)
        yield purpose, category, "", rule, (declared.clause, *clauses)


def _shared(policy: Policy) -> Iterator[Candidate]:
    for block in policy.shares:
        obligations = [f"window:{block.window}"] if block.window else []
        obligations += [f"aggregate:{block.aggregate}"] if block.aggregate else []
        obligations += [f"ground:{ground}" for ground in block.grounds]
        obligations += [f"need:{need}" for need in block.needs]
        for purpose in block.purposes:
            basis = policy.purposes[purpose].basis
            rule = Rule(True, block.clause, basis, "", block.choice, tuple(obligations))
            for party in block.recipients:
                for name in block.data:
                    yield purpose, policy.category(name), party, rule, (block.clause,)


def _unique(blocks: Iterable[Collect]) -> list[Collect]:
    return list({id(block): block for block in blocks}.values())
