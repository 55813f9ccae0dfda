"""The end of an import: its counts on the ledger, its content gone with its key."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from troth.channels.imports import acts
from troth.channels.imports.models import Import, Piece
from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate.deposits import discard
from troth.core.ledger.api import record
from troth.core.notices.versions import current

KEPT: Final = timedelta(days=7)
"""How long an upload waits for somebody to go on with it."""

WORKER: Final = Actor.system("worker")


def end(run: Import, state: Import.State, *, actor: Actor = WORKER) -> None:
    """End the run, in the transaction that saves it. Its key goes once that is through."""
    run.state, run.ended_at, run.turn, run.head = state, clock.now(), None, None
    Piece.objects.filter(run=run).delete()
    record(
        act=acts.ENDED,
        organisation=run.organisation_id,
        actor=actor,
        version=current().version,
        detail={
            "run": run.ref,
            "state": str(state),
            "new": 0 if run.dry else run.new,
            "known": 0 if run.dry else run.known,
            "refused": run.refused,
            "bad": run.bad,
        },
    )
    pk = run.pk
    transaction.on_commit(lambda: empty(pk))


def refuse(pk: UUID, fault: str, line: int | None = None) -> None:
    """End a run that cannot go on; what came in before stays."""
    with transaction.atomic():
        run = Import.objects.select_for_update().filter(pk=pk, state__in=Import.WORKING).first()
        if run is not None:
            run.fault, run.fault_line = fault, line
            end(run, Import.State.REFUSED)
            run.save()


def empty(pk: UUID) -> None:
    """Destroy the key of an ended run. Safe to repeat."""
    discard(pk)
    Import.objects.filter(pk=pk, ended_at__isnull=False).update(emptied_at=clock.now())


def expire() -> None:
    """Throw away uploads of the organisation in scope that wait too long, and keys left behind."""
    old = Import.objects.exclude(state__in=Import.ENDED).filter(uploaded_at__lt=clock.now() - KEPT)
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            run = (
                Import.objects.select_for_update()
                .exclude(state__in=Import.ENDED)
                .filter(pk=pk)
                .first()
            )
            if run is not None:
                end(run, Import.State.EXPIRED)
                run.save()
    left = Import.objects.filter(ended_at__isnull=False, emptied_at__isnull=True)
    for pk in list(left.values_list("pk", flat=True)):
        empty(pk)
