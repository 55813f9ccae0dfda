"""A letter to many, compiled once and filled for each: bytes with places for slots.

Building a message with the standard library takes longer than all else that is done for it. Here
everything that is the same for all is encoded once, and a message is the joining of pieces.
"""

from __future__ import annotations

import base64
import html
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final

from troth.kit.mail import quoted
from troth.kit.mail.dkim import Signer
from troth.kit.mail.message import MailInvalid

_WORD: Final = 42  # bytes of an encoded word before base64: 75 characters with its marks
_LONGEST: Final = 320
_JOINERS: Final = {"\u200c", "\u200d"}


@dataclass(frozen=True, slots=True)
class Fill:
    """A place to be filled for each person, and the words for whom there is nothing."""

    key: str
    otherwise: str = ""


Parts = tuple[str | Fill, ...]
"""Fixed text and places to fill, in turn."""

_Piece = bytes | tuple[Fill, bool]


class Press:
    """Makes the messages of one letter. `headers` are the same for all: ASCII, encoded already
    (`header`, `named`), with CRLF and one space for a fold.
    """

    def __init__(
        self,
        *,
        subject: Parts,
        text: Parts,
        html: Parts,
        headers: Sequence[tuple[str, str]],
        domain: str,
        signer: Signer | None = None,
    ) -> None:
        self._subject, self._domain, self._signer = subject, domain, signer
        boundary = f"=_{secrets.token_hex(16)}"
        kind = f'multipart/alternative;\r\n boundary="{boundary}"'
        fixed = [*headers, ("MIME-Version", "1.0"), ("Content-Type", kind)]
        self._fixed = tuple((name.encode("ascii"), value.encode("ascii")) for name, value in fixed)
        self._last = b"".join(b"%s: %s\r\n" % one for one in self._fixed)
        self._pieces = _joined(
            [
                _part(boundary, "plain"),
                *_encoded(text, escape=False),
                b"\r\n" + _part(boundary, "html"),
                *_encoded(html, escape=True),
                f"\r\n--{boundary}--\r\n".encode("ascii"),
            ]
        )
        self.size = sum(len(one) for one in self._pieces if isinstance(one, bytes)) + 4096
        """About how long a message is, in bytes; values are rarely longer than what is added."""
        self._second, self._date = 0, b""

    def message(
        self,
        values: Mapping[str, str],
        *,
        to: str,
        message_id: str,
        headers: Sequence[tuple[str, str]] = (),
    ) -> bytes:
        """One message, ready for SMTP: lines end in CRLF and none begins with a dot.

        `message_id` is its part before the @; `headers` are for this message alone, in ASCII.
        `to` has to be an address that `checked_address` let pass.
        """
        made = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers]
        top = [
            (b"To", to.encode("utf-8")),
            (b"Subject", header(_line(self._subject, values))),
            (b"Date", self._now()),
            (b"Message-ID", f"<{message_id}@{self._domain}>".encode("ascii")),
            *made,
        ]
        body = b"".join(
            piece if isinstance(piece, bytes) else _filled(*piece, values) for piece in self._pieces
        )
        lines = [b"%s: %s\r\n" % one for one in top]
        lines.append(self._last)
        if self._signer is not None:
            signed = self._signer.header(top, body, at=self._second, after=self._fixed)
            lines.insert(0, signed)
        return b"%s\r\n%s" % (b"".join(lines), body)

    def _now(self) -> bytes:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._date = formatdate(second).replace("-0000", "+0000").encode("ascii")
        return self._date


def header(text: str) -> bytes:
    """A header's value: as it is if it is short ASCII, else encoded words (RFC 2047), folded.

    Raises `MailInvalid` for a line break or anything that cannot be seen.
    """
    if text.isascii() and text.isprintable() and len(text) <= _LONGEST and "=?" not in text:
        # A canonical header has no space twice, and none is lost on the way.
        return b" ".join(text.encode("ascii").split()) if "  " in text else text.encode("ascii")
    if not all(c.isprintable() or c in _JOINERS for c in text):
        raise MailInvalid("A header of the mail holds a break or what cannot be seen.")
    words, piece = [], b""
    for character in text:
        raw = character.encode("utf-8", "replace")
        if len(piece) + len(raw) > _WORD:
            words.append(piece)
            piece = b""
        piece += raw
    words.append(piece)
    return b"\r\n ".join(b"=?utf-8?b?%s?=" % base64.b64encode(word) for word in words)


def named(name: str, address: str) -> str:
    """A mailbox with a name (RFC 5322 section 3.4) as one header value; the name may be empty."""
    if not name:
        return address
    if name.isascii():
        quoted_name = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted_name}" <{address}>'
    return f"{header(name).decode('ascii').replace(chr(13) + chr(10), '')} <{address}>"


def checked_address(text: str) -> str:
    """An address an envelope can carry, its domain in ASCII. Raises `MailInvalid`, and never says
    what the address is.
    """
    local, at, domain = text.strip().rpartition("@")
    fine = at and local and domain and len(text) <= _LONGEST
    if not fine or any(c.isspace() or not c.isprintable() or c in '<>",;:\\()[]' for c in text):
        raise MailInvalid("This is not an address that mail can be sent to.")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            raise MailInvalid("The domain of an address is none.") from None
    return f"{local}@{domain}"


def _line(parts: Parts, values: Mapping[str, str]) -> str:
    return "".join(
        part if isinstance(part, str) else _one_line(values.get(part.key, "") or part.otherwise)
        for part in parts
    )


def _one_line(text: str) -> str:
    """What somebody wrote, as part of a header: no break gets through."""
    if text.isprintable():
        return text
    return " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in text).split())


def _filled(fill: Fill, escape: bool, values: Mapping[str, str]) -> bytes:
    text = values.get(fill.key, "") or fill.otherwise
    return quoted.encoded(html.escape(text) if escape else text) if text else b""


def _part(boundary: str, kind: str) -> bytes:
    return (
        f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode("ascii")


def _encoded(parts: Parts, *, escape: bool) -> list[_Piece]:
    return [quoted.encoded(part) if isinstance(part, str) else (part, escape) for part in parts]


def _joined(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Fixed pieces that follow each other as one."""
    made: list[_Piece] = []
    for piece in pieces:
        if made and isinstance(piece, bytes) and isinstance(made[-1], bytes):
            made[-1] += piece
        else:
            made.append(piece)
    return made
