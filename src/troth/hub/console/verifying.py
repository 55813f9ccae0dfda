"""Verifying the ledger from the console. That it was done is itself on the ledger."""

from __future__ import annotations

from django.db import transaction

from troth.core.actors import Actor
from troth.core.ledger.api import Verification, record, verify
from troth.core.organisations.scope import current_organisation_id
from troth.core.staff.models import Role
from troth.hub.console.acts import VERIFIED


def verify_now(*, actor: Actor) -> Verification:
    """Verify every entry, node and checkpoint of this organisation, then record the outcome.

    The check reads in windows and holds no transaction, so others go on writing meanwhile.
    """
    actor.needs(Role.Ability.LEDGER_READ)
    organisation = current_organisation_id()
    outcome = verify(organisation)
    with transaction.atomic():
        record(
            act=VERIFIED,
            organisation=organisation,
            actor=actor,
            detail={"entries": outcome.size, "findings": outcome.found},
        )
    return outcome
