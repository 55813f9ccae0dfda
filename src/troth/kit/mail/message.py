"""Building a message (RFC 5322): a text part as good as the HTML one, and safe headers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from django.template.loader import render_to_string

from troth.core import clock
from troth.core.errors import Invalid
from troth.kit.mail.text import as_text
from troth.kit.words import markdown

# Joiners that names in Persian, Hindi and emoji are written with; no other format character.
_JOINERS = {"\u200c", "\u200d"}
_LONGEST = 900


class MailInvalid(Invalid):
    """A header or an address that no message may carry. It never repeats the value."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """`content_type` is `type/subtype`; `parameters` such as `{"method": "REQUEST"}` join it."""

    name: str
    content_type: str
    data: bytes
    parameters: Mapping[str, str] = field(default_factory=dict)


def build(
    *,
    sender: str,
    to: str,
    subject: str,
    body: str,
    sender_name: str = "",
    to_name: str = "",
    reply_to: str = "",
    domain: str = "",
    footer: str = "",
    automatic: bool = True,
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """A message from a Markdown body; `footer` is Markdown too.

    `domain` stands in the Message-ID (the sender's by default). `automatic` says that no person
    wrote it (RFC 3834 section 5), so that no machine answers. MailInvalid if an address cannot
    be one, or a header value holds a line break or an unprintable character.
    """
    address = _address(sender, sender_name, "sender")
    message = EmailMessage(policy=SMTP if _ascii(sender, to, reply_to) else SMTPUTF8)
    message["From"] = address
    message["To"] = _address(to, to_name, "recipient")
    if reply_to:
        message["Reply-To"] = _address(reply_to, "", "reply address")
    message["Subject"] = _checked(subject, "subject")
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = (
        f"<{secrets.token_hex(16)}@{_checked(domain or address.domain, 'domain')}>"
    )
    if automatic:
        message["Auto-Submitted"] = "auto-generated"
    for name, value in (headers or {}).items():
        _set(message, name, value)
    parts = {"subject": subject, "sender": sender_name}
    text = {"body": as_text(body), "footer": as_text(footer), **parts}
    html = {"body": markdown(body), "footer": markdown(footer) if footer else "", **parts}
    plain = render_to_string("kit/mail.txt", text).strip() + "\n"
    message.set_content(plain, cte="quoted-printable")
    message.add_alternative(
        render_to_string("kit/mail.html", html), subtype="html", cte="quoted-printable"
    )
    for attachment in attachments:
        _attach(message, attachment)
    return message


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, _, sub = attachment.content_type.partition("/")
    message.add_attachment(
        attachment.data,
        maintype=_checked(main, "attachment type"),
        subtype=_checked(sub, "attachment type"),
        filename=_checked(attachment.name, "attachment name"),
        params={
            key: _checked(text, "attachment type") for key, text in attachment.parameters.items()
        },
    )


def _set(message: EmailMessage, name: str, value: str) -> None:
    if not (name.isascii() and name.replace("-", "").isalnum()):
        raise MailInvalid("A header's name may hold letters, digits and hyphens only.")
    try:
        message[name] = _checked(value, name)
    except ValueError:
        raise MailInvalid(f"The header {name} stands in this message already.") from None


def _checked(value: str, what: str) -> str:
    if len(value) > _LONGEST or not all(c.isprintable() or c in _JOINERS for c in value):
        raise MailInvalid(
            f"The mail's {what} cannot be sent.",
            why="It is too long, or holds a line break or a character that cannot be seen.",
            do="Write it in one line of plain text.",
        )
    return value


def _address(address: str, name: str, what: str) -> Address:
    username, _, domain = _checked(address, what).rpartition("@")
    name = _checked(name, what)
    try:
        # The parser knows no letters beyond ASCII (RFC 6532), so it judges the rest.
        Address(addr_spec="".join(c if c.isascii() else "x" for c in address))
        found = Address(name, username, domain)
    except Exception:  # noqa: BLE001 - the parser has errors of many kinds, each with the address
        found = None
    if found is None or not found.username or not found.domain:
        raise MailInvalid(
            f"The mail's {what} is not an e-mail address.",
            do="Give one address such as name@company.example.",
        )
    return found


def _ascii(*addresses: str) -> bool:
    return all(address.isascii() for address in addresses)
