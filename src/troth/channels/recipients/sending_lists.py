"""Sending a list to its recipient's own service, where one is described."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from troth.channels.recipients import handing, tasks
from troth.channels.recipients.delivering import HELD, transport_of
from troth.channels.recipients.describing import read, still_holds
from troth.channels.recipients.models import Connector, Handover
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid, Missing
from troth.core.gate.denials import UseDenied
from troth.core.recipients.binding import ABILITY

WORKER: Final = Actor.system("connector")


def connector_for(found: Handover) -> Connector | None:
    """The service that takes lists for this recipient and purpose, or None."""
    rows = Connector.objects.filter(
        recipient=found.recipient, purpose=found.purpose, state=Connector.State.ACTIVE
    )
    for one in rows:
        said = still_holds(one.description)
        if said is not None and "list" in said.operations:
            return one
    return None


@action
def begin(found: Handover, *, actor: Actor) -> None:
    """Have a list sent. Raises `Invalid` where no service takes it."""
    actor.needs(ABILITY)
    if connector_for(found) is None:
        raise Invalid("No service of this recipient takes lists for that purpose.")
    found.state, found.fault = Handover.State.SENDING, ""
    found.save(update_fields=["state", "fault"])
    organisation, pk = str(found.organisation_id), str(found.pk)
    transaction.on_commit(lambda: tasks.send_list.enqueue(organisation, pk))


def send(pk: UUID) -> None:
    """Open the list and send it, once. What the service did not take is told on the list's page."""
    found = Handover.objects.filter(pk=pk, state=Handover.State.SENDING).first()
    if found is None:
        return
    connector = connector_for(found)
    if connector is None:  # it was taken out, or the policy in force has overtaken it
        found.state, found.fault = Handover.State.FAILED, "outdated"
        found.save(update_fields=["state", "fault"])
        return
    try:
        rows = handing.hand(found, actor=WORKER, way="sent")
        said = read(connector.description)
        operation = said.operations["list"]
        body = {
            "list": found.ref,
            "purpose": found.purpose,
            "clause": found.clause,
            "note": handing.note(found),
            "people": [dict(zip(found.columns, row, strict=True)) for row in rows],
        }
        service = transport_of(connector, said, found.ref)
        answer = service.send(operation.method, operation.path, body)
        fault = "" if 200 <= answer.status < 300 else f"status-{answer.status}"  # noqa: PLR2004
    except UseDenied as denied:
        fault = denied.attempt.reason
        if fault in HELD:  # it goes by itself once it may
            found.state, found.fault = Handover.State.SENDING, fault
            found.given_at = None
            found.save(update_fields=["state", "fault", "given_at"])
            return
    except Denied:
        fault = "denied"
    except Missing:
        fault = "unreachable"
    except Invalid:
        fault = "outdated"
    if fault:
        found.state, found.fault = Handover.State.FAILED, fault
        found.save(update_fields=["state", "fault"])
