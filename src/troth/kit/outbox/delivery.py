"""Delivering one message: gate → words → server, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Denied, Missing
from troth.core.gate import uses
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element
from troth.kit.mail import Attachment, MailInvalid, Outcome, build, compose, transport
from troth.kit.outbox import acts
from troth.kit.outbox.kinds import mail_kind
from troth.kit.outbox.models import Message
from troth.kit.outbox.returning import return_path
from troth.kit.outbox.tasks import deliver

ADDRESS: Final = "user.contact.email"
WORKER: Final = Actor.system("worker")
WAITS: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480, 960))
"""How long a deferred message rests before each further try; then it is given up."""


def deliver_message(pk: UUID) -> None:
    """Deliver a queued message once. Safe to repeat: what was accepted is not sent again."""
    message = Message.objects.select_related("person", "to").filter(pk=pk).first()
    if message is None or message.state not in (Message.State.QUEUED, Message.State.DEFERRED):
        return
    try:
        outcome = _send(message)
    except (Denied, Missing):  # the gate said no, or what it was about is gone
        _settle(message, Message.State.DROPPED, "gate")
    except MailInvalid:
        _settle(message, Message.State.REFUSED, "address")
    else:
        _note(message, outcome)


def _send(message: Message) -> Outcome:
    with uses.use(actor=WORKER, purpose=message.purpose, person=message.person, data=[ADDRESS]):
        address = _address(message)
        built, sender = _build(message, address)
        path = return_path(message, sender)
        return transport().deliver(built, sender=path, to=address)


def _address(message: Message) -> str:
    held = Element.objects.filter(person__root_id=message.person.root_id, category=ADDRESS)
    for element in [message.to] if message.to else held.order_by("-collected_at", "-id"):
        # What was given for other purposes stays sealed here; the next may have been given for it.
        if isinstance(element.value, str):
            return element.value
    raise Missing("There is no address to send this to.")


def _build(message: Message, address: str) -> tuple[EmailMessage, str]:
    kind = mail_kind(message.kind)
    attachments = (kind.attachments(message) if kind.attachments else None) or ()
    return letter(kind.template, kind.context(message), to=address, attachments=attachments)


def letter(
    template: str, context: dict[str, Any], *, to: str, attachments: Sequence[Attachment] = ()
) -> tuple[EmailMessage, str]:
    """A letter of the organisation in scope, and its envelope sender."""
    company = current().policy.company
    organisation = Organisation.objects.get(pk=current_organisation_id())
    composed = compose(template, context | {"organisation": organisation})
    built = build(
        sender=company.privacy_contact,
        sender_name=organisation.name,
        to=to,
        subject=composed.subject,
        body=composed.body,
        footer=f"{organisation.name} · {company.privacy_contact}",
        attachments=attachments,
    )
    return built, company.privacy_contact


def _note(message: Message, outcome: Outcome) -> None:
    message.tries += 1
    if outcome.state == "deferred" and message.tries <= len(WAITS):
        _settle(message, Message.State.DEFERRED, str(outcome.code))
        again = deliver.using(run_after=clock.now() + WAITS[message.tries - 1])
        again.enqueue(str(message.organisation_id), str(message.pk))
        return
    accepted = outcome.state == "accepted"
    state = Message.State.ACCEPTED if accepted else Message.State.REFUSED
    _settle(message, state, str(outcome.code))


def _settle(message: Message, state: Message.State, answer: str) -> None:
    message.state, message.answer = state, answer
    if state == Message.State.ACCEPTED:
        message.sent_at = clock.now()
    act = {Message.State.ACCEPTED: acts.SENT, Message.State.REFUSED: acts.REFUSED}.get(state)
    with transaction.atomic():
        message.save(update_fields=["state", "answer", "tries", "sent_at"])
        if state == Message.State.ACCEPTED and (follow := mail_kind(message.kind).accepted):
            follow(message)
        if state == Message.State.REFUSED and (undo := mail_kind(message.kind).returned):
            undo(message)
        if act is not None:
            record(
                act=act,
                organisation=message.organisation_id,
                actor=WORKER,
                subject=message.person.ref,
                purpose=message.purpose,
                version=current().version,
                detail={"kind": message.kind},
            )
