"""What a case has seen to, as the gate asks for it at the moment of a disclosure."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.db.models import QuerySet

from troth.core import clock
from troth.core.cases.models import Case, Concern
from troth.core.cases.needs import met
from troth.core.gate.authorities import Authority


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


def ripe(case: Case) -> QuerySet[Concern]:
    """Those whose data may go under the case now: of a transfer those who were told, whose time to
    object is over, and who did not object.
    """
    named = Concern.objects.filter(case=case)
    if case.kind == Case.Kind.TRANSFER:
        told = (Concern.State.TOLD, Concern.State.GIVEN)
        return named.filter(state__in=told, goes_from__lte=clock.now())
    return named.filter(state__in=(Concern.State.NAMED, Concern.State.GIVEN))


def _names(case: Case, people: Collection[UUID]) -> bool:
    wanted = set(people)
    return not wanted or ripe(case).filter(person__id__among=wanted).count() == len(wanted)
