"""A mail that came for a desk: a message of a conversation, held, or kept raw; never lost.

What a mail names, a number or the Message-ID of another, is no proof: whoever has seen one mail of
a conversation can copy both. It joins only if its sender takes part, and is held otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from troth.channels.conversations import actions
from troth.channels.conversations.actions import Draft
from troth.channels.conversations.attaching import api as attaching
from troth.channels.conversations.deleting import is_forgotten
from troth.channels.conversations.mailing import (
    acknowledging,
    apart,
    bounces,
    desks,
    finding,
    identities,
    raw,
)
from troth.channels.conversations.models import Conversation, Message, Participant, RawMail
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.asking import ask
from troth.core.errors import Invalid
from troth.core.gate.collecting import collect
from troth.core.notices.versions import current
from troth.core.organisations.scope import scope
from troth.core.people.records import Given
from troth.kit.inbound.api import Mail, receive_where
from troth.kit.inbound.checking import Checked, check
from troth.kit.inbound.letter import Letter, read
from troth.kit.throttle.counting import ThrottleDenied, throttle

CONTENT: Final = "user.content.private"
NAME: Final = "user.name"
REOPENINGS: Final = 5  # of one conversation by mail; then another begins
AN_HOUR: Final = 3600
TURNS: Final = 20  # mails into one conversation in an hour; then they are held as a loop
HELD: Final = 20  # mails beside one conversation in an hour
KEPT: Final = "kept"
OPENINGS: Final = 30  # conversations of one address in an hour
KEPT_RAW: Final = frozenset({"unreadable", "headers-cut", "undecoded", "parts-left-out"})
"""Faults for which the mail is kept as it came, beside the message."""


class MailInvalid(Invalid):
    """A mail that cannot be made into a message; it is kept as it came."""


@dataclass(frozen=True)
class Incoming:
    """A mail for the organisation in scope, read and looked at."""

    letter: Letter
    content: bytes
    digest: bytes
    checked: Checked
    way: str = "smtp"

    @property
    def client_id(self) -> UUID:
        return UUID(bytes=self.digest[:16])

    @property
    def message_id(self) -> bytes:
        """What it is found by; a mail without an identity by itself."""
        named = self.letter.identity
        return identities.digest(named) if named else self.digest


def register() -> None:
    """Take mail for desks. Called when the apps are ready."""
    receive_where("conversations.desks", desks.takes, receive, give_up=give_up)


def receive(mail: Mail) -> None:
    """Deal with one mail. Whatever it raises has it tried again."""
    place = desks.found(mail.recipient)
    if place is None:
        raise MailInvalid("This is no desk's address any more.")
    with scope(place.organisation):
        found = looked_at(mail)
        if not known(found):
            deal(found, token=place.token)


def hear(mail: Mail) -> bool:
    """Take an answer to something else that was mailed, in the scope it was mailed in. Returns
    whether the policy has a clause for mail to people.
    """
    if desks.TOUCHPOINT not in current().rules.touchpoints:
        return False
    found = looked_at(mail)
    if not known(found):
        deal(found)
    return True


def give_up(mail: Mail, tries: int, fault: str) -> None:
    """Put a mail that failed too often where it blocks nothing and somebody sees it."""
    place = desks.found(mail.recipient)
    if place is None:
        raise MailInvalid("This is no desk's address any more.")
    with scope(place.organisation):
        digest = identities.of_bytes(mail.content)
        apart.quarantine(mail.content, digest, way=mail.way, fault=fault, tries=tries)


def looked_at(mail: Mail) -> Incoming:
    """The mail read, told from others, and checked for where it comes from."""
    letter = read(mail.content, envelope=mail.sender if mail.way == "smtp" else None)
    digest = identities.of_mail(letter, mail.content)
    return Incoming(letter, mail.content, digest, check(mail, letter), mail.way)


def again(content: bytes) -> Incoming:
    """A mail that was kept, read once more. Where it came from was checked when it came."""
    letter = read(content)
    return Incoming(letter, content, identities.of_mail(letter, content), Checked(), KEPT)


def known(mail: Incoming) -> bool:
    """Whether the very same mail was dealt with before: a process may have ended in between, or it
    was deleted and came back with the spool of a backup.
    """
    if is_forgotten(mail.client_id):
        return True
    same = ask(Message, "id", message_id=mail.message_id, client_id=mail.client_id)
    return same is not None or ask(RawMail, "id", digest=mail.digest) is not None


def deal(mail: Incoming, *, token: str = "") -> None:
    """Have it join, open a conversation, be held, or be kept raw."""
    letter = mail.letter
    if letter.automatic.sort == "report" and bounces.attach(mail.content, token):
        return
    if letter.sender.lower() == desks.address():
        # Our own words that found their way back: whoever sent them here, nobody reads them.
        _apart(mail, "OwnMail")
        return
    if not letter.sender:
        _apart(mail, "NoSender")
        return
    if letter.authors > 1:
        _apart(mail, "ManySenders")  # From names several: none of them is who wrote it
        return
    named = finding.named(letter).conversation
    if letter.automatic.sort == "report" and (about := bounces.named(mail.content)) is not None:
        _hold(about, mail, "report")
        return
    if named is None or named.state == Conversation.State.CLOSED:
        begin(mail, after=named)
        return
    who = _participant(named, letter.sender)
    why = _kept_out(named, mail, who)
    if who is None or why:
        _hold(named, mail, why)
    elif _too_often(named) and not letter.automatic:
        begin(mail, after=named)
    else:
        # Somebody who was copied in writes as themselves: the words are theirs.
        join(named, mail, person=who.person_id if who.copied else None)


def _hold(named: Conversation, mail: Incoming, why: str) -> None:
    """Hold it beside the conversation it names; a flood of such goes to quarantine."""
    try:
        throttle("conversations.held", str(named.pk), limit=HELD, seconds=AN_HOUR)
    except ThrottleDenied:
        _apart(mail, "Flood")
        return
    checked = mail.checked.words()
    apart.hold(mail.content, mail.digest, named, why=why, way=mail.way, checked=checked)


def _apart(mail: Incoming, fault: str) -> None:
    apart.quarantine(mail.content, mail.digest, way=mail.way, fault=fault)


def _participant(named: Conversation, address: str) -> Participant | None:
    with collect(actor=Actor.visitor(), touchpoint=desks.TOUCHPOINT, data=[finding.EMAIL]):
        return finding.participant(named, address)


def _kept_out(named: Conversation, mail: Incoming, who: Participant | None) -> str:
    """Why a mail does not join the conversation it names; "" if it may."""
    if who is None:
        return "stranger"
    if mail.checked.forged:
        return "forged"
    if mail.way == KEPT:
        return "unchecked"  # it was in quarantine: nobody knows any more where it came from
    try:
        throttle("conversations.turns", str(named.pk), limit=TURNS, seconds=AN_HOUR)
    except ThrottleDenied:
        return "looping"
    return ""


def _too_often(named: Conversation) -> bool:
    """Whether a further mail would reopen what was reopened often enough."""
    return named.state == Conversation.State.SOLVED and named.reopenings >= REOPENINGS


def join(named: Conversation, mail: Incoming, *, person: UUID | None = None) -> Message:
    """Write it into a conversation. `person` is whose it is, if not the conversation's person's."""
    automatic = bool(mail.letter.automatic)
    solved = named.state == Conversation.State.SOLVED
    draft = Draft(
        conversation=named.pk,
        actor=Actor.visitor(),
        side="person",
        text=mail.letter.text,
        client_id=mail.client_id,
        touchpoint=desks.TOUCHPOINT,
        person=person,
        given=_words(mail.letter, subject=True),
        automatic=automatic,
        formatted=bool(mail.letter.html),
        message_id=mail.message_id,
        checked=mail.checked.words(),
        sent_at=clock.now(),
        reopens=not automatic,
    )
    files = files_of(mail.letter)
    with transaction.atomic():
        [message] = actions.write_many([draft])
        _beside(message, mail, files)
        if solved and not automatic and not message.repeated:
            Conversation.objects.filter(pk=message.conversation_id).update(
                reopenings=named.reopenings + 1
            )
        if message.masked and not message.repeated and _answered(mail):
            acknowledging.queue(message, mail.letter.sender.lower())
    return message


def begin(mail: Incoming, *, after: Conversation | None = None) -> None:
    """Open a conversation with it, and say that it is there. `after` is one it would continue."""
    letter = mail.letter
    try:
        throttle("conversations.openings", letter.sender.lower(), limit=OPENINGS, seconds=AN_HOUR)
    except ThrottleDenied:
        _apart(mail, "Flood")
        return
    opened(mail, files_of(letter), after)


@action
def opened(
    mail: Incoming, files: list[attaching.Prepared], after: Conversation | None
) -> Conversation:
    """Make the conversation, all of it in one transaction."""
    letter = mail.letter
    given = [Given("email", finding.EMAIL, letter.sender)]
    if letter.sender_name:
        given.append(Given("name", NAME, letter.sender_name))
    found, message = actions.open_ticket(
        actor=Actor.visitor(),
        way="mail",
        touchpoint=desks.TOUCHPOINT,
        given=[*given, *_words(letter, subject=False)],
        subject=letter.subject,
        text=letter.text,
        client_id=mail.client_id,
        automatic=bool(letter.automatic),
        formatted=bool(letter.html),
        message_id=mail.message_id,
        checked=mail.checked.words(),
        sent_at=clock.now(),
    )
    _beside(message, mail, files)
    if not message.repeated:
        if after is not None and after.person.root_id == message.person.root_id:
            actions.link(found, actor=raw.SYSTEM, other=after)
        if _answered(mail):
            acknowledging.queue(message, letter.sender.lower())
    return found


def _answered(mail: Incoming) -> bool:
    """Whether software may answer it (RFC 3834): no machine wrote it, nor somebody in another's
    name, and it came just now.
    """
    return mail.letter.automatic.answerable and not mail.checked.forged and mail.way != KEPT


def _words(letter: Letter, *, subject: bool) -> list[Given]:
    given = [Given("formatted", CONTENT, letter.html)] if letter.html else []
    if subject and letter.subject:
        given.append(Given("subject", CONTENT, letter.subject))
    return given


def files_of(letter: Letter) -> list[attaching.Prepared]:
    """The files looked at and scanned, which takes its time: outside any transaction."""
    return [attaching.prepare(file.name, file.content, from_mail=True) for file in letter.files]


def _beside(message: Message, mail: Incoming, files: list[attaching.Prepared]) -> None:
    """Keep what came with it: its files, and all of it as it came where it could not be read."""
    if message.repeated:
        return
    if files:
        with collect(actor=Actor.visitor(), touchpoint=desks.TOUCHPOINT, data=[CONTENT]):
            for file in files:
                attaching.keep(file, person=message.person, message=message)
    faults = [fault for fault in mail.letter.faults if fault in KEPT_RAW]
    if faults:
        raw.keep(
            mail.content,
            digest=mail.digest,
            state=RawMail.State.UNREADABLE,
            way=mail.way,
            fault=faults[0],
            message=message,
        )
