"""In conformity: principles and articles, each with what shows that it is kept.

The evidence of a principle is clauses of the policy in force, checks of this assessment that
held, and promises whose proofs passed. Where there is no clause or no check that held, there is no
evidence, and the principle fails. What the law wants beyond software and policy (a contract, a
training, a visit) no assessment of this kind sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from troth.core.assess import duties  # noqa: F401 - its checks run before those that rest on them
from troth.core.assess.checks import Situation, check
from troth.core.assess.findings import Finding, failed, held, unseen
from troth.policy import Policy
from troth.policy.blocks import (
    Access,
    Block,
    ChangeNotice,
    Collect,
    Deadline,
    Forbid,
    Keep,
    Purpose,
    Recipient,
    Right,
    Safeguard,
    Secure,
    Share,
)

Speaks = Callable[[Block], bool]


def _of(*kinds: type[Block]) -> Speaks:
    return lambda block: isinstance(block, kinds)


def _right(*names: str) -> Speaks:
    return lambda block: isinstance(block, Right) and block.kind in names


def _any(*ways: Speaks) -> Speaks:
    return lambda block: any(way(block) for way in ways)


def _chosen(block: Block) -> bool:
    return (isinstance(block, Purpose) and block.basis not in {"essential", "prohibited"}) or (
        isinstance(block, Share) and block.choice != "none"
    )


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle or an article, the blocks that speak of it, and the checks that bear on it."""

    key: str
    says: str
    speaks: Speaks
    checks: tuple[str, ...]


PRINCIPLES: Final = (
    Principle(
        "notice",
        "People are told what is collected, why, and who gets it",
        _of(Collect, Purpose, ChangeNotice),
        (
            *("accurate.clauses", "displayed.link", "displayed.reading"),
            *("comprehensive.elements", "comprehensive.cookies"),
        ),
    ),
    Principle(
        "choice",
        "People decide about uses and disclosures that are not needed for what they asked",
        _any(_chosen, _right("objection", "withdrawal")),
        ("implemented.ledger", "implemented.clocks"),
    ),
    Principle(
        "onward transfer",
        "Data goes on only to those who are bound to keep it as safe",
        _of(Share, Recipient, Safeguard, Forbid),
        (
            *("implemented.safeguards", "comprehensive.requests", "comprehensive.typed"),
            "comprehensive.recipients",
        ),
    ),
    Principle(
        "security",
        "Data is kept from loss, misuse and strangers",
        _of(Secure, Access),
        (
            *("implemented.deployment", "implemented.dependencies", "implemented.installed"),
            *("implemented.guessing", "implemented.backup"),
        ),
    ),
    Principle(
        "data integrity",
        "Data is what its purpose needs, is right, and is kept no longer",
        _any(_of(Keep), _right("correction")),
        ("accurate.fields", "comprehensive.held", "implemented.retention"),
    ),
    Principle(
        "access",
        "People see, put right and remove what is held about them",
        _right("access", "correction", "deletion", "portability"),
        ("implemented.clocks",),
    ),
    Principle(
        "enforcement",
        "Rules are checked, complaints are heard, and breaking a rule has a consequence",
        _any(_of(Deadline), _right("complaint", "question")),
        ("implemented.proofs", "implemented.ledger", "implemented.attacks"),
    ),
)

_TOLD: Final = ("displayed.link", "displayed.reading")
_ON_TIME: Final = ("implemented.clocks",)
ARTICLES: Final = (
    Principle("5", "Principles of processing", _of(Collect, Keep), PRINCIPLES[4].checks),
    Principle("6", "A lawful basis for each purpose", _of(Purpose), ("accurate.clauses",)),
    Principle("7", "Conditions of a consent", _chosen, ("implemented.ledger",)),
    Principle("12", "Answers that are plain and in time", _of(Right), ("displayed.reading",)),
    Principle("13", "Told when it is collected from them", _of(Collect), _TOLD),
    Principle(
        "14",
        "Told when it comes from elsewhere",
        lambda block: isinstance(block, Collect) and block.source not in {"person", "browser"},
        ("displayed.link",),
    ),
    Principle("15", "Access", _right("access"), _ON_TIME),
    Principle("16", "Putting right", _right("correction"), _ON_TIME),
    Principle("17", "Erasure", _right("deletion"), _ON_TIME),
    Principle("18", "Restriction", _right("restriction"), _ON_TIME),
    Principle("19", "Recipients are told", _of(Recipient), _ON_TIME),
    Principle("20", "Portability", _right("portability"), _ON_TIME),
    Principle("21", "Objection", _right("objection"), _ON_TIME),
    Principle("22", "No say for a machine alone", _right("objection"), ("conforming.machines",)),
    Principle("25", "By design and by default", _of(Purpose), ("accurate.fields",)),
    Principle("28", "Processors are bound", _of(Recipient), ("implemented.safeguards",)),
    Principle("30", "A record of what is done", _of(Collect, Share), ("implemented.ledger",)),
    Principle("32", "Security of processing", _of(Secure, Access), PRINCIPLES[3].checks),
    Principle(
        "33–34",
        "Breaches are told of",
        _of(Secure, Deadline),
        ("conforming.breaches", "implemented.attacks", "implemented.guessing"),
    ),
    Principle(
        "44–49",
        "Transfers to third countries",
        _of(Recipient, Safeguard),
        ("implemented.safeguards",),
    ),
)


@check(
    "conforming.principles",
    area="conforming",
    says="Each of the seven principles of the framework has a clause, and a check that held.",
)
def principles(situation: Situation) -> Iterator[Finding]:
    for principle in PRINCIPLES:
        yield _evidence(principle, situation)


@check(
    "conforming.articles",
    area="conforming",
    says="Each article of the GDPR that bears on a service has a clause, and a check that held.",
)
def articles(situation: Situation) -> Iterator[Finding]:
    bound = under_the_gdpr(situation.published.policy)
    for article in ARTICLES:
        found = _evidence(article, situation)
        if found.state == "failed" and not bound:
            found = unseen(f"{found.what} This policy does not put itself under it.", found.where)
        yield replace(found, articles=(article.key,))


def under_the_gdpr(policy: Policy) -> bool:
    """Whether the policy says that the regulation holds: rights of its own for people in the EEA.

    Where the company sits tells less: the regulation follows the people.
    """
    return any(block.who == "EEA" for block in policy.rights)


def _evidence(principle: Principle, situation: Situation) -> Finding:
    policy = situation.published.policy
    blocks = [block for block in policy.blocks if principle.speaks(block)]
    clauses = tuple(dict.fromkeys(block.clause for block in blocks))
    ran = {key: situation.outcomes[key] for key in principle.checks if key in situation.outcomes}
    good = [key for key, outcome in ran.items() if outcome.state == "held"]
    bad = [key for key, outcome in ran.items() if outcome.state == "failed"]
    if not ran and clauses:
        left = ", ".join(principle.checks)
        return unseen(f"{principle.says}: its checks were left out ({left}).", principle.key)
    if not clauses or not good:
        missing = "no clause of the policy speaks of it" if not clauses else "no check of it held"
        return failed(
            f"{principle.says}: {missing}.",
            principle.key,
            do=f"It rests on: {', '.join(principle.checks)}.",
            clauses=clauses,
        )
    proven = _proven(situation, clauses)
    shown = f" Promises proven: {', '.join(proven)}." if proven else ""
    against = f" Against it: {', '.join(bad)}." if bad else ""
    return held(
        f"{principle.says}. Checks that held: {', '.join(good)}.{shown}{against}",
        principle.key,
        clauses=clauses,
    )


def _proven(situation: Situation, clauses: tuple[str, ...]) -> list[str]:
    """The promises of the register whose proofs passed, among those of these clauses."""
    outcome = situation.outcomes.get("implemented.proofs")
    return [
        finding.where
        for finding in (outcome.findings if outcome else ())
        if finding.state == "held" and set(finding.clauses) & set(clauses)
    ]
