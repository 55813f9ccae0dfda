"""Mail that leaves: what staff wrote, to whoever takes part, and acknowledgements.

Words and addresses are put together when a message leaves, under a use of its own, so that what
somebody decided in between counts. A message that the receiving side puts off is tried again; after
a process ended in the middle it may leave twice, under the same Message-ID, and never not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from troth.channels.conversations import queries
from troth.channels.conversations.attaching.handing_out import whole
from troth.channels.conversations.mailing import acknowledging, acts, addressing, desks, identities
from troth.channels.conversations.mailing.finding import EMAIL
from troth.channels.conversations.models import (
    Attachment as Kept,
    Conversation,
    Event,
    Message,
    Outgoing,
    Participant,
)
from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Refusal
from troth.core.gate import uses
from troth.core.ids import row_id
from troth.core.inserting import insert
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element
from troth.kit.live import bus
from troth.kit.mail import Attachment, MailInvalid, Outcome, transport
from troth.kit.mail.dkim import Signer
from troth.kit.mail.pipeline import Outgoing as Sending, Pipeline, ServerMissing
from troth.kit.mail.signing import signer
from troth.kit.mail.simple import letter_bytes
from troth.kit.outbox.api import WAITS

CONTENT: Final = "user.content.private"
WORKER: Final = Actor.system("worker")
BATCH: Final = 100
LEASE: Final = timedelta(minutes=10)  # what one process has taken no other takes
SCANNED: Final = timedelta(minutes=1)  # when it is looked again whether its files were scanned
NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
State = Message.Delivery


@dataclass
class _Parcel:
    """What goes to one address."""

    outgoing: Outgoing
    to: str = field(repr=False)
    data: bytes = field(repr=False)
    path: str
    """Where a report about it goes."""
    copied: bool = False
    participant: str = ""
    """Id of whom it goes to; "" for an acknowledgement."""


@dataclass(frozen=True)
class _Sender:
    """Who writes: the desk of the organisation in scope."""

    address: str
    name: str
    signer: Signer

    @classmethod
    def here(cls) -> _Sender:
        name = Organisation.objects.get(pk=current_organisation_id()).name
        return cls(desks.address(), name, signer(desks.domain()))

    def path(self, outgoing: Outgoing) -> str:
        if outgoing.automatic:
            return ""  # nobody reports about what a machine wrote (RFC 3834 section 3.3)
        local, _, of = self.address.rpartition("@")
        token = outgoing.header_id.strip("<>").partition("@")[0]
        return f"{local}+{token}-{identities.return_token(outgoing.pk)}@{of}"


def queue(pairs: Sequence[tuple[Conversation, Message]]) -> None:
    """Have what staff wrote leave by mail, where that is how it is answered; in the transaction
    that wrote it.
    """
    written = [
        message
        for place, message in pairs
        if message.side == Message.Side.STAFF and place.way != Conversation.Way.CHAT
    ]
    if not written:
        return
    where = {message.conversation_id for message in written}
    known = Participant.objects.filter(conversation__in=where)
    answered = set(known.values_list("conversation_id", flat=True))
    now, domain, made = clock.now(), desks.domain(), []
    for message in written:
        if message.conversation_id not in answered:
            continue  # nobody left an address
        header_id = f"<{identities.token(message.pk)}@{domain}>"
        made.append(
            Outgoing(
                message_id=message.pk,
                organisation_id=message.organisation_id,
                header_id=header_id,
                automatic=message.automatic,
                due_at=now,
            )
        )
        message.message_id = identities.digest(header_id)
        message.delivery = State.QUEUED
        message.save(update_fields=["message_id", "delivery"])
    insert(made)


def send_due(pipeline: Pipeline[Any] | None = None) -> int:
    """Send what is due in the organisation in scope. Returns how many were taken up."""
    taken = _claimed()
    if not taken:
        return 0
    automatic = [one for one in taken if one.automatic and one.message.side == "person"]
    by_purpose: dict[str, list[Outgoing]] = {}
    for outgoing in automatic:
        purpose = queries.purpose_of(outgoing.message.conversation)
        by_purpose.setdefault(purpose, []).append(outgoing)
    parcels = [one for some in by_purpose.values() for one in _acknowledgements(some)]
    for outgoing in taken:
        if outgoing not in automatic:
            parcels += _replies(outgoing)
    if pipeline is None:
        own: Pipeline[Any] = Pipeline(transport())
        _deliver(own, parcels)
        own.close()
    else:
        _deliver(pipeline, parcels)
    return len(taken)


def _claimed() -> list[Outgoing]:
    """What is due, taken so that no other process takes it meanwhile."""
    now = clock.now()
    with transaction.atomic():
        due = Outgoing.objects.filter(left_at=None, due_at__lte=now).order_by("due_at")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        ids = list(due.values_list("pk", flat=True)[:BATCH])
        Outgoing.objects.filter(pk__in=ids).update(due_at=now + LEASE)
    found = Outgoing.objects.filter(pk__in=ids).select_related(
        "message__conversation", "message__person"
    )
    return list(found.defer("message__words").order_by("message__sent_at"))


def _acknowledgements(taken: Sequence[Outgoing]) -> Iterator[_Parcel]:
    """Answers to first mails: their addresses are opened at once, as one use of many people."""
    if not taken:
        return
    purpose = queries.purpose_of(taken[0].message.conversation)
    people = {one.message.person_id for one in taken}
    everybody = Participant.objects.filter(
        conversation__in=[one.message.conversation_id for one in taken]
    )
    by_place = {row.conversation_id: row for row in everybody if not row.copied}
    copied = {(row.conversation_id, row.person_id): row for row in everybody if row.copied}
    sender = _Sender.here()
    use = uses.use_audience(actor=WORKER, purpose=purpose, data=[EMAIL], among=people)
    with use as opening:
        for one in taken:
            if one.message.person_id not in opening.whom:
                _given_up(one, "gate")
                continue
            row = by_place.get(one.message.conversation_id)
            if row is None:
                _given_up(one, "address")
                continue
            number = one.message.conversation.number
            # Whoever was copied in and writes is answered themselves.
            row = copied.get((one.message.conversation_id, one.message.person_id), row)
            subject, text = acknowledging.words(sender.name, number, one.message.masked)
            made = _parcel(one, sender, str(row.address), subject, text)
            if made is None:
                _given_up(one, "address")
            else:
                yield made


def _replies(outgoing: Outgoing) -> list[_Parcel]:
    """What staff wrote, for the person and for whoever gets copies."""
    message = outgoing.message
    place = message.conversation
    if Kept.objects.filter(message=message, state=Kept.State.WAITING).exists():
        Outgoing.objects.filter(pk=outgoing.pk).update(due_at=clock.now() + SCANNED)
        return []
    purpose = queries.purpose_of(place)
    sender = _Sender.here()
    parcels: list[_Parcel] = []
    try:
        with uses.use(actor=WORKER, purpose=purpose, person=message.person, data=[EMAIL, CONTENT]):
            full = Message.objects.get(pk=message.pk)
            text, subject = str(full.words or ""), _subject(place)
            files = _files(message)
        rows = Participant.objects.filter(conversation=place).select_related(
            "person", "conversation__person"
        )
        for row in rows:
            if str(row.pk) in outgoing.settled:
                continue
            with uses.use(actor=WORKER, purpose=purpose, person=row.person, data=[EMAIL]):
                address = str(row.address)
            with addressing.to_addressee(row, actor=WORKER):
                pass  # the gate is asked, and records it; the words are open already
            made = _parcel(outgoing, sender, address, subject, text, files)
            if made is not None:
                made.copied, made.participant = row.copied, str(row.pk)
                parcels.append(made)
    except Refusal:  # the gate says no, or what it was about is gone or does not open
        _given_up(outgoing, "gate")
        return []
    if not parcels:
        _given_up(outgoing, "address")
    return parcels


def _subject(place: Conversation) -> str:
    """What it answers, with the number by which an answer finds its way back."""
    first = Element.objects.filter(
        record__in=place.messages.filter(side=Message.Side.PERSON).values("pk"), name="subject"
    )
    found = first.order_by("collected_at", "id").first()
    words = found.value if found is not None and isinstance(found.value, str) else "Your message"
    words = " ".join(words.replace(f"[#{place.number}]", "").split())[:150]
    prefix = "" if words.lower().startswith("re:") else "Re: "
    return f"{prefix}{words} [#{place.number}]"


def _files(message: Message) -> list[Attachment]:
    rows = Kept.objects.filter(message=message, state=Kept.State.CLEAN).order_by("made_at", "id")
    return [Attachment(str(row.name), row.content_type, whole(row)) for row in rows]


def _parcel(
    outgoing: Outgoing,
    sender: _Sender,
    to: str,
    subject: str,
    text: str,
    files: Sequence[Attachment] = (),
) -> _Parcel | None:
    try:
        data = letter_bytes(
            sender=sender.address,
            sender_name=sender.name,
            to=to,
            subject=subject,
            text=text,
            identity=outgoing.header_id,
            at=clock.now(),
            answers=_answered(outgoing),
            automatic=outgoing.automatic,
            files=files,
            signer=sender.signer,
        )
    except MailInvalid:
        return None  # that is no address mail can go to
    return _Parcel(outgoing, to, data, sender.path(outgoing))


def _answered(outgoing: Outgoing) -> list[str]:
    """Message-IDs of ours that came before in the conversation.

    Those of others are not kept, so that an answer names only our own; the number in the subject
    and the chain of ours are enough for mailers to show one thread.
    """
    if outgoing.automatic:
        return []
    earlier = Outgoing.objects.filter(
        message__conversation=outgoing.message.conversation_id,
        message__seq__lt=outgoing.message.seq,
    )
    return list(earlier.order_by("message__seq").values_list("header_id", flat=True))[-10:]


def _deliver(pipeline: Pipeline[Any], parcels: Sequence[_Parcel]) -> None:
    """Hand them over, and note what became of each letter, for all whom it goes to."""
    became: dict[int, Outcome] = {}

    def item(one: _Parcel) -> Sending[_Parcel]:
        return Sending(one, one.path, one.to, len(one.data), lambda: one.data)

    away = Outcome("deferred", 0, "The mail server could not be reached.")
    try:
        for one, outcome in pipeline.send(map(item, parcels), lambda _: None):
            became[id(one)] = outcome
    except ServerMissing as missing:
        away = Outcome("deferred", missing.code, missing.words)
    finally:
        by_letter: dict[UUID, list[_Parcel]] = defaultdict(list)
        for one in parcels:
            by_letter[one.outgoing.pk].append(one)
        settled = [
            some[0].outgoing
            for some in by_letter.values()
            if _settle(some[0].outgoing, [(one, became.get(id(one), away)) for one in some])
        ]
        _left(settled)


def _settle(outgoing: Outgoing, outcomes: Sequence[tuple[_Parcel, Outcome]]) -> bool:
    """Sort what became of one letter. Returns whether it has left for everybody it will reach.

    A copy that is refused stops nothing; the letter has failed where its own person is refused, or
    where nobody got it. Who has it is not written to again.
    """
    outgoing.tries += 1
    done, refused, later = list(outgoing.settled), None, False
    reached = bool(done)
    for one, outcome in outcomes:
        if outcome.state == "accepted":
            reached = True
            done.append(one.participant)
        elif outcome.state == "deferred" and outgoing.tries <= len(WAITS):
            later = True
        elif one.copied:
            done.append(one.participant)
            refused = refused or outcome
        else:
            _given_up(outgoing, str(outcome.code))
            return False
    outgoing.settled = done
    if later:
        outgoing.due_at = clock.now() + WAITS[outgoing.tries - 1]
        outgoing.save(update_fields=["tries", "due_at", "settled"])
        return False
    if not reached:
        _given_up(outgoing, str(refused.code) if refused else "address")
        return False
    return True


def _left(sent: Sequence[Outgoing]) -> None:
    """Note that these were taken by the receiving side, all in one transaction."""
    if not sent:
        return
    answers = [one.message for one in sent if one.message.side != Message.Side.PERSON]
    with transaction.atomic():
        Outgoing.objects.filter(pk__in=[one.pk for one in sent]).update(
            left_at=clock.now(), tries=F("tries") + 1
        )
        Message.objects.filter(pk__in=[one.pk for one in answers], delivery=State.QUEUED).update(
            delivery=State.SENT
        )
        for message in answers:
            acts.of_person(acts.SENT, message.person, actor=WORKER)
        insert([_event(one.message, "acknowledged") for one in sent if one.message not in answers])
        bus.publish_many([told for one in sent for told in _news(one.message)])


def _news(message: Message) -> list[tuple[str, dict[str, Any]]]:
    place = message.conversation_id
    news = {"kind": "delivery", "conversation": str(place), "seq": message.seq}
    return [(f"conversation:{place}", news)]


def _given_up(outgoing: Outgoing, why: str) -> None:
    message = outgoing.message
    outgoing.due_at = NEVER
    with transaction.atomic():
        outgoing.save(update_fields=["tries", "due_at"])
        if message.side != Message.Side.PERSON:
            Message.objects.filter(pk=message.pk).update(
                delivery=State.FAILED, delivery_status=why[:12]
            )
        bus.publish_many(_news(message))


def _event(message: Message, did: str) -> Event:
    return Event(
        id=row_id(),
        organisation_id=message.organisation_id,
        conversation_id=message.conversation_id,
        actor="system:mail",
        did=did,
        detail={"seq": message.seq},
        happened_at=clock.now(),
    )
