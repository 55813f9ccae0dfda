"""Denials of the gate: what they say, and their mark on the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.gate import acts
from troth.core.ledger.api import record
from troth.core.organisations.scope import current_organisation_id


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried: enough for the ledger, and no value."""

    actor: Actor
    act: str
    purpose: str
    data: tuple[str, ...]
    subject: str | None = None
    to: str = ""
    version: str = ""
    reason: str = ""
    case: str = ""


class UseDenied(Denied):
    """The gate said no. `clause` names the clause that forbids, where there is one."""

    def __init__(self, what: str, *, why: str, do: str, clause: str, attempt: Attempt) -> None:
        super().__init__(what, why=why, do=do, clause=clause)
        self.attempt = attempt


def record_denial(denied: Denied) -> None:
    """Put the refused attempt on the ledger, in a transaction of its own. Once for each."""
    if not isinstance(denied, UseDenied) or getattr(denied, "recorded", False):
        return
    attempt = denied.attempt
    with transaction.atomic():
        record(
            act=acts.DENIED,
            organisation=current_organisation_id(),
            actor=attempt.actor,
            subject=attempt.subject,
            purpose=attempt.purpose,
            clause=denied.clause,
            version=attempt.version,
            data=attempt.data,
            to=attempt.to,
            detail={"reason": attempt.reason} | ({"case": attempt.case} if attempt.case else {}),
        )
    denied.recorded = True  # type: ignore[attr-defined]


def refuse(denied: UseDenied) -> UseDenied:
    """Record the denial at once where nothing can roll it back; an action records it later."""
    if not transaction.get_connection().in_atomic_block:
        record_denial(denied)
    return denied
