"""Saying one thing to a recipient's service: gate → request → what became of it.

No log line, no error and no row holds a value: a fault is a key, a status or a reason of the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from troth.channels.campaigns.api import undeliverable
from troth.channels.recipients import acts
from troth.channels.recipients.describing import Description, Operation, read
from troth.channels.recipients.models import Connector, Delivery
from troth.core import clock
from troth.core.actors import Actor
from troth.core.connect.over_http.transport import Answer, Transport, filled, pointed
from troth.core.connect.secrets import elsewhere
from troth.core.errors import Invalid, Missing
from troth.core.gate import uses
from troth.core.gate.denials import Attempt, UseDenied
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.core.people.records import family
from troth.core.recipients.standing import barred
from troth.kit.outbox.api import WAITS

WORKER: Final = Actor.system("connector")
HELD: Final = frozenset(
    {
        *("suspended", "bond-missing", "bond-lapsed", "security-weaker", "safeguard-expired"),
        *("not-told", "recipient-window"),
    }
)
"""Reasons of the gate that may pass: what was to be said waits until then."""


def deliver(pk: UUID) -> datetime | None:
    """Say it once. Returns when to try again, if the service is not there or not ready."""
    found = Delivery.objects.select_related("connector", "person").filter(pk=pk).first()
    if found is None or found.state != Delivery.State.QUEUED:
        return None
    if found.connector.state != Connector.State.ACTIVE:
        _settle(found, Delivery.State.DROPPED, "paused")
        return None
    try:
        said = read(found.connector.description)
        _say(found, said)
    except UseDenied as denied:
        _denied(found, denied.attempt.reason)
    except Invalid:
        _settle(found, Delivery.State.FAILED, "description")
    except Missing:
        return _again(found)
    return None


def transport_of(found: Connector, said: Description, key: str) -> Transport:
    """What speaks to the service; `key` has it take the same thing once."""
    secret = partial(_secret, found)
    also = {"Idempotency-Key": key}
    ready = partial(refuse_barred, said)
    return Transport(found.key, said.address, said.service, secret, also=also, ready=ready)


def refuse_barred(said: Description) -> None:
    """Keep anything from being sent to a recipient that was barred since the gate was asked, while
    the last try was not answered, say. Raises `UseDenied`.
    """
    published = current()
    bar = barred(said.recipient, published.rules)
    if bar is not None:
        raise UseDenied(
            f"Nothing goes to {said.recipient} now.",
            why="It was stopped while this was on its way.",
            do="It goes on by itself once it may.",
            clause=bar.clause,
            attempt=Attempt(
                WORKER,
                "share",
                said.purpose,
                (),
                to=said.recipient,
                version=published.version,
                reason=bar.reason,
            ),
        )


def _secret(found: Connector) -> str:
    return elsewhere(found.key, found.secret_from) if found.secret_from else ""


def _say(found: Delivery, said: Description) -> None:
    kind = "check" if found.kind == Delivery.Kind.CHECK else "put"
    operation = said.operations.get(kind)
    if operation is None:
        _settle(found, Delivery.State.DROPPED, "not-described")
        return
    categories = list(operation.fields)
    with uses.use(
        actor=WORKER,
        purpose=said.purpose,
        person=found.person,
        data=categories,
        to=said.recipient,
    ):
        held = _newest(found, categories)
        if not held:
            _settle(found, Delivery.State.DROPPED, "nothing-held")
            return
        body = {operation.fields[key]: element.value for key, element in held.items()}
        answer = _sent(found, said, operation, body)
        _heard(found, operation, answer, held)


def _newest(found: Delivery, categories: list[str]) -> dict[str, Element]:
    """The newest value of each category that opens for this; read where the use is open."""
    newest: dict[str, Element] = {}
    held = Element.objects.filter(
        person_id__in=family(found.person.root_id), category__in=categories
    ).order_by("-collected_at", "-id")
    for element in held:
        if element.category not in newest and isinstance(element.value, str):
            newest[element.category] = element
    return newest


def _sent(
    found: Delivery, said: Description, operation: Operation, body: Mapping[str, Any] | None
) -> Answer:
    path = filled(operation.path, ref=_name(found))
    return transport_of(found.connector, said, found.ref).send(operation.method, path, body)


def _name(found: Delivery) -> str:
    """What the person is called there: the reference of what was put first, which tells nothing."""
    first = Delivery.objects.filter(
        connector=found.connector,
        person__root_id=found.person.root_id,
        kind__in=(Delivery.Kind.PUT, Delivery.Kind.REMOVE),
    ).order_by("queued_at", "id")
    return str(first.values_list("ref", flat=True).first() or found.ref)


def _heard(
    found: Delivery, operation: Operation, answer: Answer, held: Mapping[str, Element]
) -> None:
    if not _taken(answer):
        _settle(found, Delivery.State.FAILED, f"status-{answer.status}")
        return
    if found.kind == Delivery.Kind.CHECK:
        said = [str(one) for one in pointed(answer.body, operation.answer)]
        good = not set(said) & set(operation.bad)
        with transaction.atomic():
            for element in held.values():
                if not good:
                    undeliverable(element)
            _record(found, acts.CHECKED, answer="yes" if good else "no")
            _settle(found, Delivery.State.DONE, "good" if good else "bad")
        return
    _settle(found, Delivery.State.DONE, f"status-{answer.status}")


def _denied(found: Delivery, reason: str) -> None:
    """The gate said no. It may pass, or the person said no: then they come off the list there."""
    if reason in HELD:
        _settle(found, Delivery.State.HELD, reason)
        return
    there = Delivery.objects.filter(
        connector=found.connector,
        person__root_id=found.person.root_id,
        kind__in=(Delivery.Kind.PUT, Delivery.Kind.REMOVE),
        state=Delivery.State.DONE,
    ).order_by("-done_at")
    last = there.values_list("kind", flat=True).first()
    said = read(found.connector.description)
    operation = said.operations.get("remove")
    if found.kind != Delivery.Kind.PUT or last != Delivery.Kind.PUT or operation is None:
        _settle(found, Delivery.State.DROPPED, reason)
        return
    try:
        answer = _sent(found, said, operation, None)  # by reference alone: nothing is opened
    except UseDenied as denied:  # barred: not even that, until it may
        _settle(found, Delivery.State.HELD, denied.attempt.reason)
        return
    except Missing:
        _settle(found, Delivery.State.FAILED, "unreachable")
        return
    gone = _taken(answer) or answer.status == 404  # noqa: PLR2004 - not there, so it is done
    found.kind = Delivery.Kind.REMOVE
    with transaction.atomic():
        found.save(update_fields=["kind"])
        state = Delivery.State.DONE if gone else Delivery.State.FAILED
        _settle(found, state, f"status-{answer.status}")
        if gone:
            _record(found, acts.REMOVED)


def _taken(answer: Answer) -> bool:
    return 200 <= answer.status < 300  # noqa: PLR2004


def _again(found: Delivery) -> datetime | None:
    """It is not there, or not ready: later and later, and at last it is given up and told."""
    found.tries += 1
    if found.tries > len(WAITS):
        _settle(found, Delivery.State.FAILED, "unreachable")
        return None
    found.answer = "unreachable"
    found.save(update_fields=["tries", "answer"])
    _fault(found.connector, "unreachable")
    return clock.now() + WAITS[found.tries - 1]


def _settle(found: Delivery, state: Delivery.State, answer: str) -> None:
    found.state, found.answer = state, answer
    found.done_at = clock.now() if state == Delivery.State.DONE else None
    found.save(update_fields=["state", "answer", "done_at", "tries"])
    if state == Delivery.State.FAILED:
        _fault(found.connector, answer)
    elif state == Delivery.State.DONE and found.connector.fault:
        _fault(found.connector, "")


def _fault(found: Connector, fault: str) -> None:
    moment = clock.now() if fault else None
    Connector.objects.filter(pk=found.pk).update(fault=fault, fault_at=moment)


def _record(found: Delivery, act: str, **detail: str) -> None:
    record(
        act=act,
        organisation=found.organisation_id,
        actor=WORKER,
        subject=found.person.ref,
        purpose=found.connector.purpose,
        version=current().version,
        to=found.connector.recipient,
        detail=detail,
    )
