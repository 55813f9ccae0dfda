"""What a case has seen to, as the gate asks for it at the moment of a disclosure."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from uuid import UUID

from troth.core import clock
from troth.core.cases.models import Case, Concern
from troth.core.cases.needs import met
from troth.core.gate.authorities import Authority

GOES = (Concern.State.NAMED, Concern.State.GIVEN)


def standing(ref: str) -> Authority:
    """The case as it now stands."""
    case = Case.objects.filter(ref=ref).first()
    if case is None:
        return Authority(ref, "case-missing")
    if reason := closed_because(case):
        return Authority(ref, reason)
    return Authority(
        ref,
        to=case.recipient,
        purpose=case.purpose,
        categories=frozenset(case.categories),
        met=met(case),
        names=partial(_names, case),
    )


def closed_because(case: Case) -> str:
    """Why a case opens nothing now, or nothing."""
    if case.state in (Case.State.DRAFT, Case.State.WAITING, Case.State.REFUSED):
        return "case-not-approved"
    if case.state == Case.State.CLOSED or case.kind not in Case.DISCLOSING:
        return "case-over"
    return "case-over" if case.ends_at is None or case.ends_at <= clock.now() else ""


def goes(case: Case) -> tuple[str, ...]:
    """The states in which somebody's data may go: of a transfer, once they were told."""
    told = (Concern.State.TOLD, Concern.State.GIVEN)
    return told if case.kind == Case.Kind.TRANSFER else GOES


def _names(case: Case, people: Collection[UUID]) -> bool:
    wanted = set(people)
    if not wanted:
        return True
    roots = Concern.objects.filter(case=case, state__in=goes(case), person__id__among=wanted)
    return roots.count() == len(wanted)
