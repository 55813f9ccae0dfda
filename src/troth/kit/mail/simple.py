"""A letter in plain text, with files if there are any, as bytes ready for SMTP.

Its Message-ID is given, so that sending it a second time, after an answer that got lost, sends the
same letter: receivers tell a repeat by it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from troth.kit.mail import quoted
from troth.kit.mail.dkim import Signer
from troth.kit.mail.message import Attachment, MailInvalid
from troth.kit.mail.press import checked_address, header, named

_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$&.+^_-]+/[A-Za-z0-9!#$&.+^_-]+")
_IDENTITY: Final = re.compile(r"<[!-;=?-~]{1,250}@[!-;=?-~]{1,250}>")
_WIDTH: Final = 72
MOST: Final = 12
"""Identities in References; older ones are left out (RFC 5322 section 3.6.4 asks for all, mailers
take a few)."""


def letter_bytes(
    *,
    sender: str,
    sender_name: str,
    to: str,
    subject: str,
    text: str,
    identity: str,
    at: datetime,
    answers: Sequence[str] = (),
    automatic: bool = False,
    files: Sequence[Attachment] = (),
    signer: Signer | None = None,
) -> bytes:
    """Lines end in CRLF and none begins with a dot. `answers` are Message-IDs with brackets, the
    nearest last. Raises `MailInvalid` for an address or a header that cannot be one.
    """
    top = [
        ("From", named(sender_name, checked_address(sender))),
        ("To", checked_address(to)),
        ("Subject", header(subject).decode("ascii")),
        ("Date", format_datetime(at)),
        ("Message-ID", _identity(identity)),
    ]
    if known := [one for one in answers if _IDENTITY.fullmatch(one)][-MOST:]:
        top += [("In-Reply-To", known[-1]), ("References", "\r\n ".join(known))]
    if automatic:
        # RFC 3834 section 5; the second keeps Exchange from answering.
        top += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
    kind, body = _body(text, files, boundary=_boundary(identity))
    top += [("MIME-Version", "1.0"), *kind]
    lines = [(name.encode("ascii"), value.encode("utf-8")) for name, value in top]
    raw = b"".join(b"%s: %s\r\n" % one for one in lines)
    if signer is not None:
        raw = signer.header(lines, body, at=int(at.timestamp())) + raw
    return raw + b"\r\n" + body


def _identity(text: str) -> str:
    if not _IDENTITY.fullmatch(text):
        raise MailInvalid("A Message-ID of ours is none.")
    return text


def _boundary(identity: str) -> str:
    return f"=_{sha256(identity.encode()).hexdigest()[:32]}"


def _body(
    text: str, files: Sequence[Attachment], *, boundary: str
) -> tuple[list[tuple[str, str]], bytes]:
    words = quoted.encoded(text if text.endswith("\n") else text + "\n")
    plain = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    if not files:
        return plain, words
    parts = [_part(boundary, plain) + words]
    parts += [_part(boundary, _file_head(one)) + _coded(one.data) for one in files]
    kind = [("Content-Type", f'multipart/mixed;\r\n boundary="{boundary}"')]
    return kind, b"".join(parts) + f"--{boundary}--\r\n".encode("ascii")


def _part(boundary: str, head: Sequence[tuple[str, str]]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    return f"--{boundary}\r\n{lines}\r\n".encode("ascii")


def _file_head(file: Attachment) -> list[tuple[str, str]]:
    kind = file.content_type if _TOKEN.fullmatch(file.content_type) else "application/octet-stream"
    return [
        ("Content-Type", kind),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"attachment;\r\n filename*=utf-8''{_percent(file.name)}"),
    ]


def _percent(name: str) -> str:
    """RFC 2231: letters and digits as they are, all else as codes."""
    return "".join(
        chr(code) if chr(code).isalnum() and code < 128 or chr(code) in "-._" else f"%{code:02X}"  # noqa: PLR2004, RUF021 - ASCII
        for code in name.encode("utf-8", "replace")[:200]
    )


def _coded(data: bytes) -> bytes:
    code = b64encode(data)
    lines = [code[at : at + _WIDTH] for at in range(0, len(code), _WIDTH)]
    return b"\r\n".join([*lines, b""])
