"""The parts of a mail (RFC 2045, 2046): the words, and the files."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.generator import BytesGenerator
from email.message import Message
from email.policy import compat32
from email.utils import collapse_rfc2231_value
from io import BytesIO
from typing import Final

from troth.kit.inbound import headers, winmail
from troth.kit.inbound.charsets import decoded, shown
from troth.kit.inbound.cleaning import LONGEST as LONGEST_HTML, cleaned, says_more
from troth.kit.mail.plain import html_as_text

LONGEST: Final = 100_000  # characters of text that are shown; all of it is a file then
PARTS: Final = 500
DEPTH: Final = 30
TOTAL: Final = 100 * 1024 * 1024  # bytes of files of one mail
NESTED: Final = 3  # mails within mails that are shown; deeper ones are files


@dataclass(frozen=True, slots=True)
class File:
    """A file that came along. `claimed` is the type its sender says it has."""

    name: str
    claimed: str
    content: bytes = field(repr=False)
    identity: str = ""


@dataclass
class Found:
    text: str = ""
    html: str = ""
    files: tuple[File, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass
class _Gathered:
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    faults: dict[str, None] = field(default_factory=dict)
    parts: int = 0


def bodies(message: Message) -> Found:
    """Everything in a mail, in its order."""
    gathered = _Gathered()
    _gather(message, gathered, 0, 0)
    html = "\n<hr>\n".join(gathered.htmls)
    text = "\n\n".join(one for one in gathered.texts if one.strip())
    safe = cleaned(html) if html else ""
    if not text.strip() and safe:
        text = html_as_text(safe)
    if len(html) > LONGEST_HTML:
        gathered.files.append(File("message.html", "text/html", html.encode("utf-8", "replace")))
        gathered.faults["text-cut"] = None
    if len(text) > LONGEST:
        gathered.files.append(File("message.txt", "text/plain", text.encode("utf-8", "replace")))
        gathered.faults["text-cut"] = None
        text = text[:LONGEST]
    shows = safe if safe and says_more(safe) else ""
    files = _bounded(gathered)
    return Found(shown(text).strip("\n"), shows, files, tuple(gathered.faults))


def _bounded(gathered: _Gathered) -> tuple[File, ...]:
    """The files, as many as one mail may be unpacked to: winmail.dat and mails in mails swell."""
    total, kept = 0, list[File]()
    for file in gathered.files:
        total += len(file.content)
        if total > TOTAL:
            gathered.faults["parts-left-out"] = None
            break
        kept.append(file)
    return tuple(kept)


def _gather(part: Message, into: _Gathered, depth: int, nested: int) -> None:
    into.parts += 1
    kind = part.get_content_type()
    if into.parts > PARTS or depth > DEPTH:
        into.faults["parts-left-out"] = None  # the caller keeps the mail as it came
        return
    payload = part.get_payload()
    if kind == "multipart/alternative" and isinstance(payload, list):
        _alternatives(part, into, depth, nested)
    elif kind.startswith("message/") and isinstance(payload, list):
        _nested(part, into, depth, nested)
    elif isinstance(payload, list):
        for inner in payload:
            if into.parts > PARTS:
                into.faults["parts-left-out"] = None
                return
            if isinstance(inner, Message):
                _gather(inner, into, depth + 1, nested)
    else:
        _leaf(part, kind, into)


def _alternatives(part: Message, into: _Gathered, depth: int, nested: int) -> None:
    """Of several forms of the same, the plain one is read and the HTML kept beside it."""
    own = _Gathered(parts=into.parts)
    for inner in _inner(part):
        _gather(inner, own, depth + 1, nested)
    into.parts = own.parts
    into.texts += own.texts
    into.htmls += own.htmls
    if not any(one.strip() for one in own.texts) and own.htmls and into.texts:
        into.texts += [html_as_text(cleaned(one)) for one in own.htmls]
    into.files += own.files
    into.faults |= own.faults


def _nested(part: Message, into: _Gathered, depth: int, nested: int) -> None:
    kind = part.get_content_type()
    if kind == "message/delivery-status":
        into.texts.append("\n\n".join(str(inner) for inner in _inner(part))[:LONGEST])
        return
    for inner in _inner(part):
        subject = headers.words(headers.raw(inner, "Subject"))
        if not nested:  # deeper ones are in it
            name = _file_name(subject) or "mail"
            into.files.append(File(f"{name}.eml", "message/rfc822", _raw(inner)))
        if nested >= NESTED:
            continue
        own = _Gathered(parts=into.parts)
        _gather(inner, own, depth + 1, nested + 1)
        into.parts = own.parts
        text = "\n\n".join(own.texts) or "\n".join(html_as_text(cleaned(one)) for one in own.htmls)
        into.texts.append(f"----- Forwarded message -----\n{_head(inner, subject)}\n\n{text}")
        into.files += own.files
        into.faults |= own.faults


def _head(message: Message, subject: str) -> str:
    lines = [("From", headers.words(headers.raw(message, "From"))), ("Subject", subject)]
    lines.append(("Date", headers.raw(message, "Date")))
    return "\n".join(f"{name}: {value[:300]}" for name, value in lines if value)


def _leaf(part: Message, kind: str, into: _Gathered) -> None:
    name = _name(part)
    content = _content(part, into)
    attached = (part.get_content_disposition() or "") == "attachment"
    if kind in winmail.TYPES or name.lower() in winmail.NAMES:
        _unwrap(name or "winmail.dat", content, into)
    elif _is_words(kind, name, attached=attached):
        text = decoded(content, part.get_content_charset() if _fine(part) else None)
        if kind == "text/html":
            into.htmls.append(text)
        else:
            into.texts.append(_flowed(text, part))
    elif content or name or attached:
        identity = next(iter(headers.identities(headers.raw(part, "Content-ID"))), "")
        into.files.append(File(name or _unnamed(kind, into), kind, content, identity))


def _is_words(kind: str, name: str, *, attached: bool) -> bool:
    return not attached and (kind == "text/plain" or (kind == "text/html" and not name))


def _fine(part: Message) -> bool:
    try:
        part.get_content_charset()
    except (LookupError, UnicodeError, ValueError, TypeError):
        return False
    return True


def _unwrap(name: str, content: bytes, into: _Gathered) -> None:
    found = winmail.unwrapped(content)
    if found is None:
        into.faults["winmail-unread"] = None
        into.files.append(File(name, "application/ms-tnef", content))
        return
    into.files += [
        File(_file_name(shown(one, lines=False)) or "file", "application/octet-stream", data)
        for one, data in found.files
    ]
    if not any(text.strip() for text in into.texts):
        into.texts += [found.text] if found.text.strip() else []
        into.htmls += [found.html] if found.html.strip() and not into.htmls else []


def _content(part: Message, into: _Gathered) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except (binascii.Error, ValueError, LookupError, UnicodeError, TypeError, IndexError):
        found = None
    if isinstance(found, bytes):
        return found
    payload = part.get_payload()
    into.faults["undecoded"] = None
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _name(part: Message) -> str:
    try:
        value = part.get_param("filename", None, "content-disposition")
        value = value or part.get_param("name", None)
        text = collapse_rfc2231_value(value) if value else ""
    except (LookupError, UnicodeError, ValueError, TypeError, IndexError):
        text = ""
    return _file_name(headers.words(text))


def _file_name(text: str) -> str:
    """A name that names a file in no folder."""
    last = re.split(r"[/\\]", text)[-1]
    return re.sub(r'[<>:"|?*\x00-\x1f]', "_", last).strip(". ")[:120]


def _unnamed(kind: str, into: _Gathered) -> str:
    endings = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "text/calendar": "ics"}
    endings |= {"application/pdf": "pdf", "text/csv": "csv", "text/plain": "txt"}
    return f"file-{len(into.files) + 1}.{endings.get(kind, 'bin')}"


def _flowed(text: str, part: Message) -> str:
    """Lines that were broken for transport, joined again (RFC 3676)."""
    if str(part.get_param("format", "") or "").lower() != "flowed":
        return text
    joined: list[str] = []
    for line in text.splitlines():
        soft = joined and joined[-1].endswith(" ") and joined[-1] != "-- "
        if soft and not line.startswith(">") and not joined[-1].startswith(">"):
            joined[-1] += line.removeprefix(" ")
        else:
            joined.append(line.removeprefix(" "))
    return "\n".join(joined)


def _inner(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))


def _raw(part: Message) -> bytes:
    """The bytes of a part, as near to those that came as the parser kept them."""
    buffer = BytesIO()
    try:
        BytesGenerator(buffer, mangle_from_=False, maxheaderlen=0, policy=compat32).flatten(part)
    except (Exception, RecursionError):  # noqa: BLE001 - a generator refuses what a parser takes
        return str(part.get_payload())[:LONGEST].encode("utf-8", "surrogateescape")
    return buffer.getvalue()
