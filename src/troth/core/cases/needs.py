"""What a clause asks for before data may go on a ground, and how a case sees to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from troth.core import clock
from troth.core.cases.models import Case


@dataclass(frozen=True, slots=True)
class Writing:
    """Something that is written down in a case: its name in the case, and how it is asked for."""

    key: str
    label: str
    hint: str = ""


AUTHORITY: Final = Writing(
    "authority", "Which authority", "Its name, and its number for the matter."
)
JUDGEMENT: Final = Writing(
    "judgement", "Why it is valid", "Who checked it, against what, and what they found."
)
WRITINGS: Final = {
    "authority": AUTHORITY,
    "validity-judgement": JUDGEMENT,
    "written-ground": Writing(
        "reason", "Why it is needed", "What harm there is, and why nothing milder would do."
    ),
    "written-belief": Writing(
        "belief", "What is believed, and why", "Who believes that what happened, on what signs."
    ),
    "written-balance": Writing(
        "balance", "The balance", "What speaks for it, what for the people it is about, and why."
    ),
    "how-obtained": Writing("how", "How we came by it", "When, where, and by whom."),
}
"""Needs of a clause that are met by writing."""
ACQUIRER: Final = Writing("acquirer", "Who takes over", "Name and seat of the new owner.")
MOVES: Final = Writing("moves", "What moves", "In words that people will read.")


def writings(case_kind: str, needs: tuple[str, ...]) -> tuple[Writing, ...]:
    """What has to be written in a case of this kind, under a clause with these needs."""
    found = [WRITINGS[need] for need in needs if need in WRITINGS]
    if case_kind == Case.Kind.LEGAL or "document" in needs:
        found += [AUTHORITY, JUDGEMENT]
    elif case_kind == Case.Kind.REPORT:
        found += [AUTHORITY]
    elif case_kind == Case.Kind.TRANSFER:
        found += [ACQUIRER, MOVES]
    order = (AUTHORITY, *WRITINGS.values(), ACQUIRER, MOVES)
    return tuple(sorted(set(found), key=order.index))


def _written(key: str) -> Callable[[Case], bool]:
    return lambda case: key in case.written


def _approved(case: Case) -> bool:
    return bool(case.decided_by) and case.decided_by != case.opened_by


def _told(case: Case) -> bool:
    now = clock.now()
    return case.told_at is not None and bool(case.objections_until and case.objections_until <= now)


SEEN_TO: Final[dict[str, Callable[[Case], bool]]] = {
    **{need: _written(writing.key) for need, writing in WRITINGS.items()},
    "document": lambda case: case.documents.exists(),
    "scope": lambda case: bool(case.categories) and case.concerns.exists(),
    "end-date": lambda case: case.ends_at is not None,
    "second-approver": _approved,
    "notice-to-each-person": _told,
}
"""By need: whether a case has seen to it. A need that is not here nothing can see to."""


def met(case: Case) -> frozenset[str]:
    """The obligations of its clause that the case has seen to."""
    found = {f"need:{need}" for need, seen_to in SEEN_TO.items() if seen_to(case)}
    if case.ground:
        found.add(f"ground:{case.ground}")
    if case.kind == Case.Kind.TRANSFER and case.window and _told(case):
        found.add(f"window:{case.window}")
    return frozenset(found)
