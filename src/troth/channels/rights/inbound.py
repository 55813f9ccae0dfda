"""Mail to the privacy contact. It opens a case, which asks whoever wrote to show that it is them.

It is taken at the privacy contact of each organisation's policy in force. Mail that a machine sent
is put aside: no machine is answered (RFC 3834), and nobody's absence note is a request.
"""

from __future__ import annotations

import re
from email.utils import getaddresses
from typing import Final

from troth.channels.rights.receiving import receive
from troth.core.actors import Actor
from troth.core.notices.versions import PolicyMissing, current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.rights.api import Content
from troth.kit.inbound import reports
from troth.kit.inbound.api import Mail, put_aside, receive_where
from troth.kit.throttle.counting import ThrottleDenied, throttle

LONGEST: Final = 20_000
A_DAY: Final = 5  # cases from one address: a forged sender must not be flooded with our answers
# What a subject asks for; what says nothing clear is a question, and somebody reads it.
SUBJECTS: Final = (
    ("complaint", r"\bcomplain"),
    ("deletion", r"\b(delet|eras|forget me|right to be forgotten)"),
    ("portability", r"\b(portab|export my|take my data)"),
    ("correction", r"\b(correct|rectif|wrong (data|address|name))"),
    ("restriction", r"\b(restrict)"),
    ("withdrawal", r"\b(withdraw|take back my)"),
    ("objection", r"\b(object|do not sell|opt[- ]?out|unsubscribe)"),
    ("removal", r"\bremove (me|my)\b"),
    ("access", r"\b(access|copy of my|my data|what (data )?(do )?you (hold|have|know))"),
)


def register() -> None:
    receive_where("requests", takes, on_mail)


def takes(recipient: str) -> bool:
    """Whether it is the privacy contact of an organisation here."""
    return _addressed(recipient) is not None


def on_mail(mail: Mail) -> None:
    """Take one mail for the organisation whose privacy contact it went to."""
    organisation, sender = _addressed(mail.recipient), _sender(mail)
    if organisation is None or not sender or _from_machine(mail):
        put_aside(mail)
        return
    with scope(organisation):
        contact = current().policy.company.privacy_contact
        if sender == contact.lower():
            put_aside(mail)  # ourselves: an answer of ours that found its way back
            return
        try:
            throttle("requests.mail", sender, limit=A_DAY, seconds=86_400)
        except ThrottleDenied:
            put_aside(mail)
            return
        subject = str(mail.message.get("Subject", ""))[:200]
        words = f"{subject}\n\n{reports.words(mail.message)}".strip()[:LONGEST]
        receive(
            asked(subject),
            actor=Actor.visitor(),
            way="mail",
            content=Content(words=words, reply_to=sender),
        )


def asked(subject: str) -> str:
    """The kind of request a subject speaks of."""
    for kind, pattern in SUBJECTS:
        if re.search(pattern, subject, re.IGNORECASE):
            return kind
    return "question"


def _addressed(recipient: str) -> Organisation | None:
    for organisation in Organisation.objects.all():
        with scope(organisation):
            try:
                contact = current().policy.company.privacy_contact
            except PolicyMissing:
                continue
        if contact.lower() == recipient.lower():
            return organisation
    return None


def _sender(mail: Mail) -> str:
    """The one address in From; a mail from several, or from none, is nobody's."""
    found = [address for _, address in getaddresses([str(mail.message.get("From", ""))])]
    return found[0].lower() if len(found) == 1 and "@" in found[0] else ""


def _from_machine(mail: Mail) -> bool:
    """Whether a machine sent it, or a list did (RFC 3834 section 2)."""
    message = mail.message
    automatic = str(message.get("Auto-Submitted", "no")).strip().lower() != "no"
    bulk = str(message.get("Precedence", "")).strip().lower() in ("bulk", "list", "junk")
    listed = any(message.get(name) for name in ("List-Id", "List-Unsubscribe"))
    return automatic or bulk or listed or not mail.sender
