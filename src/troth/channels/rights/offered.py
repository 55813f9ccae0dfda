"""Which rights the policy in force gives, as the page of rights lists them."""

from __future__ import annotations

from dataclasses import dataclass

from troth.channels.rights import wording
from troth.core import clock
from troth.core.notices.versions import current
from troth.core.rights import clocks
from troth.core.rights.asking import counting
from troth.core.rights.kinds import KINDS, QUESTION
from troth.kit.words import day
from troth.policy.blocks import Right


@dataclass(frozen=True, slots=True)
class Offered:
    """One right: its clauses, how long it takes at most, and until when if asked today."""

    kind: str
    label: str
    explained: str
    clauses: tuple[clocks.Promise, ...]
    texts: tuple[tuple[str, str], ...]
    within: str
    until: str
    who: str


def offered() -> list[Offered]:
    """All of them, in the order of `KINDS`; a question may always be asked."""
    policy, counts, now = current().policy, counting(), clock.now()
    found = []
    for kind in KINDS:
        promises = clocks.promises(policy, kind)
        if not promises and kind != QUESTION:
            continue
        promise, due = clocks.governing(promises, now, counts)
        rights = [right for right in policy.rights if right.kind == kind]
        found.append(
            Offered(
                kind,
                wording.kind(kind),
                wording.EXPLAINED[kind],
                tuple(promises),
                tuple((right.clause, right.text) for right in rights if right.text),
                str((promise and promise.within) or clocks.FALLBACK),
                day(counts.day(due), today=counts.day(now)),
                _who(rights),
            )
        )
    return found


def may_ask(kind: str) -> bool:
    return any(one.kind == kind for one in offered())


def _who(rights: list[Right]) -> str:
    """For whom a right is, where it is not for all."""
    wanted = {right.who for right in rights}
    if not wanted or "everyone" in wanted:
        return ""
    names = ["the European Economic Area" if who == "EEA" else who for who in sorted(wanted)]
    return "for people in " + ", ".join(names)
