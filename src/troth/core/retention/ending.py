"""Ending values: a batch, its lines in the erasure log and its entry on the ledger, together."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import transaction

from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.keyring import erasures
from troth.core.keyring.store import signing_key
from troth.core.ledger.api import record
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element
from troth.core.retention import acts
from troth.core.retention.models import Part, Run
from troth.core.rights.ending import end

ELEMENTS: Final = "elements"


def end_batch(ids: list[UUID], *, run: Run, part: Part, categories: list[str], actor: Actor) -> int:
    """End these values in one transaction. Returns how many there were."""
    organisation = current_organisation_id()
    if part.then != "lock":
        # Told before they go: a restored backup still holds them, and their person's key.
        erasures.note(
            organisation=organisation,
            owners=ids,
            keys={},
            key=signing_key(organisation),
            act=ELEMENTS,
        )
    with transaction.atomic():
        rows: Any = Element.objects.filter(pk__among=Ids(ids))
        count = end(rows, then=part.then, clause=part.clause)  # type: ignore[arg-type]
        Part.objects.filter(pk=part.pk).update(done=part.done + count)
        record(
            act=acts.ENDED,
            organisation=organisation,
            actor=actor,
            clause=part.clause,
            version=run.version,
            data=categories,
            count=count,
            detail={"run": run.ref, "then": part.then},
        )
    part.done += count
    return count


def end_again(elements: frozenset[UUID]) -> int:
    """Remove values whose time was over after the backup was taken that is being restored.

    The number is of people, of whom none is gone by this alone.
    """
    end(Element.objects.filter(pk__among=Ids(elements)), then="erase", clause="")
    return 0
