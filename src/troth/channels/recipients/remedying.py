"""A suspension opens a case in which the harm is put right; closing that case lifts it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from troth.channels.recipients.connecting import go_on
from troth.core.actors import Actor
from troth.core.cases.api import Case, on_closed, open_case
from troth.core.recipients import binding
from troth.core.recipients.models import Suspension


def register() -> None:
    binding.on_suspension(open_remedy)
    binding.remedied_by(is_remedied)
    on_closed(Case.Kind.REMEDY, lift)


def open_remedy(found: Suspension, actor: Actor) -> UUID:
    """The case of a suspension; the software opens it for a recipient that says so itself."""
    case = open_case(
        Case.Kind.REMEDY,
        actor=actor,
        ground=found.ground,
        about=f"recipient.{found.recipient}",
        recipient=found.recipient,
        clause=found.clause,
    )
    pk: UUID = case.pk
    return pk


def is_remedied(case: UUID) -> bool:
    """Whether a case of remedy was closed, with what was done written down."""
    return Case.objects.filter(pk=case, state=Case.State.CLOSED).exists()


def lift(case: Case, actor: Actor) -> None:
    """Have the recipient receive again: its remedy is closed. What was held back goes on."""
    for found in Suspension.objects.filter(remedy=case.pk, lifted_at=None):
        binding.lift(found, actor=actor)
        transaction.on_commit(go_on)
