"""What every step of a case does: hold the row, write the history, put it on the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from troth.core import clock
from troth.core.actors import Actor
from troth.core.cases.models import Case, Event
from troth.core.changing import hold as hold_row, renew
from troth.core.errors import Denied, Invalid, Missing
from troth.core.gate.deposits import casefile
from troth.core.keyring.store import KeyMissing
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.sealing.sealed import Sealed

OPEN = "cases.open"
APPROVE = "cases.approve"


class CaseMissing(Missing):
    """There is no such case."""


class CaseInvalid(Invalid):
    """The case is not where this could be done with it, or something is missing from it."""

    status = 409


class CaseDenied(Denied):
    """A case may not be dealt with in this way, or by this person."""


def by_ref(ref: str) -> Case:
    """A case by its reference. Raises `CaseMissing`."""
    found: Case | None = Case.objects.filter(ref=ref).first()
    if found is None:
        raise CaseMissing("There is no such case.", do="Look at the list of cases.")
    return found


def held(case: Case, *states: str) -> Case:
    """The case as it now stands, held until the transaction ends. Raises `CaseInvalid` if it is in
    none of these states.
    """
    hold_row(Case, case.pk)
    renew(case)
    if states and case.state not in states:
        raise CaseInvalid(
            "This case is not at that step.",
            why=f"It is: {case.get_state_display().lower()}.",
            do="Look at it again; somebody may have gone on with it.",
        )
    return case


def enter(
    case: Case,
    act: str,
    *,
    actor: Actor,
    words: str = "",
    count: int | None = None,
    subject: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> UUID:
    """Put a step into the case's history and on the ledger; what was written stays in the case."""
    event = Event(
        organisation_id=case.organisation_id,
        case=case,
        what=act.partition(".")[2],
        by=actor.ref,
        at=clock.now(),
        count=count,
    )
    if words:
        # To write something down is no reading: who reports need not be who deals with cases.
        with casefile(row=case.pk, actor=Actor.system("cases"), clause=case.clause):
            event.words = words
            event.save()
    else:
        event.save()
    return enter_ledger(case, act, actor=actor, subject=subject, count=count, detail=detail)


def enter_ledger(
    case: Case,
    act: str,
    *,
    actor: Actor,
    subject: str | None = None,
    count: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> UUID:
    """Put it on the ledger alone, where it is about one of many people."""
    return record(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        subject=subject,
        purpose=case.purpose,
        clause=case.clause,
        version=case.version or current().version,
        data=case.categories,
        to=case.recipient,
        count=count,
        detail={"case": case.ref, "kind": case.kind, **(detail or {})},
    )


def read(case: Case, *, actor: Actor) -> dict[str, str]:
    """What was written in the case; empty once its key is gone."""
    if case.content is None:
        return {}
    with casefile(row=case.pk, actor=actor, clause=case.clause):
        try:
            found = case.content
        except KeyMissing:
            return {}
    return {} if isinstance(found, Sealed) else {str(key): str(v) for key, v in found.items()}


def write(case: Case, words: Mapping[str, str], *, actor: Actor) -> None:
    """Add to what is written in the case; what is there under another name stays."""
    kept = {key: text.strip() for key, text in words.items() if text.strip()}
    if not kept:
        return
    known = read(case, actor=actor)
    with casefile(row=case.pk, actor=actor, clause=case.clause):
        case.content = known | kept
        case.written = sorted(known | kept)
        case.save(update_fields=["content", "written"])
