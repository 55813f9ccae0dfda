"""Mail that comes back to a campaign: bounces, complaints, and people who want no more.

bounce-<token>         the return path of a copy
unsubscribe-<token>    the mailto of List-Unsubscribe
reply-<token>          the Reply-To: “unsubscribe” in words counts, all else is kept for people
unsubscribe, fbl       one address for all, with the token or the Message-ID in the mail
what the policy names  for whoever wants no more, known by the address they write from
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from troth.channels.campaigns import delivered, opting_out, tokens
from troth.channels.campaigns.leaving import leave
from troth.channels.campaigns.models import Copy
from troth.channels.campaigns.purposes import is_notice
from troth.core.organisations.scope import everywhere, scope
from troth.kit.inbound import reports
from troth.kit.inbound.api import Mail, put_aside, receive_at, receive_where

COPY: Final = r"([0-9]{1,18}-[0-9a-f]{20})"
# Somebody who says so in the first words, alone or politely; not in the middle of a story.
_LEAVE: Final = re.compile(
    r"\W*(please\s+)?(unsubscribe|remove|take|stop|opt[- ]?out|cancel)"
    r"([\s,]+(me|my (e-?mail|address)|from|off|this|these|the|your|list|mails?|e-?mails?|"
    r"newsletters?|letters?|sending|mailing|please|now|thanks?|thank you))*\W*",
    re.IGNORECASE,
)
_hear: list[Callable[[Mail], bool]] = []


def on_reply(hear: Callable[[Mail], bool]) -> None:
    """Have `hear` called with replies that are no clear “unsubscribe”, within the organisation's
    scope. It returns whether it took the mail; one that nobody takes is put aside.
    """
    if hear not in _hear:  # `ready()` may run again
        _hear.append(hear)


def register() -> None:
    """Take the addresses above."""
    receive_at(rf"bounce-{COPY}", on_bounce)
    receive_at(rf"unsubscribe-{COPY}", on_unsubscribe)
    receive_at(rf"reply-{COPY}", on_answer)
    receive_at("unsubscribe", on_unsubscribe)
    receive_at("fbl", on_bounce)
    receive_where("campaigns.opt-out", opting_out.takes, on_opt_out)


def on_bounce(mail: Mail) -> None:
    """A report about a copy. What reports nothing (a machine's answer) is dropped."""
    if reports.is_complaint(mail.message):
        with _about(mail) as copy:
            delivered.complained(copy)
        return
    found = reports.bounce(mail.message)
    if found is None:
        if reports.from_machine(mail.message):
            return
        put_aside(mail)
        return
    with _about(mail) as copy:
        if found.delayed:
            delivered.delayed(copy, status=found.status)
        else:
            delivered.bounced(copy, status=found.status, hard=found.hard, gone=found.gone)


def on_unsubscribe(mail: Mail) -> None:
    """Any mail to this address is a no; what it says does not matter."""
    try:
        with _about(mail) as copy:
            leave(copy, way="unsubscribe-mail")
    except tokens.CopyMissing:
        # It names no letter of ours: where the policy names the address, its sender wants no more.
        if mail.match.groups() or not _opts_out(mail, leaves=True):
            raise


def on_opt_out(mail: Mail) -> None:
    """A mail to the address of the policy: who says so gets no more, all else is for people."""
    _opts_out(mail, leaves=_says_leave(mail))


def _opts_out(mail: Mail, *, leaves: bool) -> bool:
    if reports.from_machine(mail.message):
        return True
    return opting_out.receive(mail, leaves=leaves, hear=_heard)


def on_answer(mail: Mail) -> None:
    """A reply to a letter."""
    if reports.from_machine(mail.message):
        return
    with _about(mail) as copy:
        fixed = is_notice(copy.campaign.kind, copy.campaign.purpose)
        if not fixed and _says_leave(mail, subject=False):
            leave(copy, way="unsubscribe-mail")
        elif not _heard(mail):
            put_aside(mail)


def _heard(mail: Mail) -> bool:
    return any(hear(mail) for hear in _hear)


def _says_leave(mail: Mail, *, subject: bool = True) -> bool:
    """Whether its first words want out. The `subject` of an answer is that of the letter, so it
    counts there only where nothing else is written.
    """
    text = reports.words(mail.message)
    first = next((line for line in text.splitlines() if line.strip()), "")
    above = str(mail.message.get("Subject", "")) if subject or not text else ""
    return bool(_LEAVE.fullmatch(first) or _LEAVE.fullmatch(above))


@contextmanager
def _about(mail: Mail) -> Iterator[Copy]:
    """The copy a mail is about, in its organisation's scope. Raises `tokens.CopyMissing`."""
    groups = mail.match.groups()
    named = [groups[0]] if groups else []
    named += [str(mail.message.get("Subject", "")), reports.about(mail.message)]
    for text in named:
        with everywhere("whose letter a mail is about"):
            try:
                copy = tokens.copy_of(text)
            except tokens.CopyMissing:
                try:
                    copy = tokens.copy_of_message(text)
                except tokens.CopyMissing:
                    continue
        with scope(copy.organisation_id):
            yield tokens.found(copy.pk)
        return
    raise tokens.CopyMissing
