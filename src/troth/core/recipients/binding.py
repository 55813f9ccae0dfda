"""What is done about a recipient: its bonds entered, all giving to it stopped, and begun again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid, Missing
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.recipients import acts
from troth.core.recipients.models import Bond, Suspension
from troth.core.recipients.standing import suspension, suspension_clause
from troth.policy import words
from troth.policy.blocks import Recipient

ABILITY: Final = "recipients.manage"
LONGEST: Final = 10
"""Years a bond may hold at most: what holds for ever is looked at by nobody."""

Hear = Callable[[Suspension, Actor], "UUID | None"]
_on_suspension: Final[list[Hear]] = []


def on_suspension(hear: Hear) -> None:
    """Have `hear` called in the transaction of a suspension. It may return the id of the case in
    which the harm is put right; lifting then waits for that case (`remedied_by`).
    """
    if hear not in _on_suspension:  # `ready()` may run again
        _on_suspension.append(hear)


_remedied: Final[list[Callable[[UUID], bool]]] = []


def remedied_by(check: Callable[[UUID], bool]) -> None:
    """Have `check` say of a case whether what was wrong has been put right."""
    if check not in _remedied:
        _remedied.append(check)


def named(to: str) -> Recipient:
    """The recipient of the policy in force. Raises `Missing`."""
    found = current().rules.recipients.get(to)
    if found is None:
        raise Missing("The policy names no such recipient.")
    return found


@action
def bind(
    *,
    actor: Actor,
    to: str,
    kind: str,
    document: str,
    given_on: date,
    until: date,
    level: str = "",
) -> Bond:
    """Note what a recipient showed or assured. The newest of a kind counts, also a weaker one."""
    actor.needs(ABILITY)
    named(to)
    if kind not in Bond.Kind.values:
        raise Invalid("That is nothing a recipient is bound by.")
    if (kind == Bond.Kind.SECURITY) != (level in words.LEVELS):
        raise Invalid("An attestation of security has a level, an assurance has none.")
    if not document.strip():
        raise Invalid("Nothing says where it stands.", do="Name the document.")
    if until <= given_on or until.year > given_on.year + LONGEST:
        raise Invalid(
            "That is no time for which it can hold.",
            do=f"Give an end after the beginning, at most {LONGEST} years later.",
        )
    made = Bond.objects.create(
        recipient=to,
        kind=kind,
        level=level,
        document=document.strip(),
        given_on=given_on,
        until=until,
        entered_by=actor.ref,
        entered_at=clock.now(),
    )
    record(
        act=acts.BOUND,
        organisation=current_organisation_id(),
        actor=actor,
        version=current().version,
        to=to,
        detail={"kind": kind, "level": level or "none", "from": given_on, "until": until},
    )
    return made


@action
def suspend(*, actor: Actor, to: str, ground: str, source: str) -> Suspension:
    """Stop all giving to a recipient, from the end of this transaction. Twice changes nothing.

    Staff need the ability; a recipient says it of itself by a link that was made for it.
    """
    if source != Suspension.Source.RECIPIENT:
        actor.needs(ABILITY)
    named(to)
    if ground not in Suspension.Ground.values or source not in Suspension.Source.values:
        raise Invalid("That is no ground for a suspension.")
    if (there := suspension(to)) is not None:
        return there
    try:
        with transaction.atomic():
            made = Suspension.objects.create(
                recipient=to,
                ground=ground,
                source=source,
                clause=suspension_clause(to, current().rules),
                begun_at=clock.now(),
            )
    except IntegrityError:  # somebody else was first, a moment ago
        return Suspension.objects.get(recipient=to, lifted_at=None)
    record(
        act=acts.SUSPENDED,
        organisation=made.organisation_id,
        actor=actor,
        clause=made.clause,
        version=current().version,
        to=to,
        detail={"suspension": made.ref, "ground": ground, "source": source},
    )
    for hear in _on_suspension:
        if (case := hear(made, actor)) is not None:
            made.remedy = case
            made.save(update_fields=["remedy"])
    return made


@action
def lift(found: Suspension, *, actor: Actor) -> None:
    """Let a recipient receive again, once what was wrong has been put right."""
    actor.needs(ABILITY)
    found.refresh_from_db()
    if found.lifted_at is not None:
        return
    case = found.remedy
    if case is None or not all(check(case) for check in _remedied):
        raise Denied(
            "This recipient stays suspended.",
            why="What was wrong has to be put right first, and that is not written down.",
            clause=found.clause,
            do="Finish the case of its remedy.",
        )
    found.lifted_at, found.lifted_by = clock.now(), actor.ref
    found.save(update_fields=["lifted_at", "lifted_by"])
    record(
        act=acts.LIFTED,
        organisation=found.organisation_id,
        actor=actor,
        clause=found.clause,
        version=current().version,
        to=found.recipient,
        detail={"suspension": found.ref},
    )
