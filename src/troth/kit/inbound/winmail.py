"""What Outlook wraps into ``winmail.dat`` (MS-OXTNEF): the files in it, and the text if there is
no other.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from tnefparse import TNEF  # type: ignore[import-untyped]

from troth.kit.inbound.charsets import decoded

MOST: Final = 200  # files
NAMES: Final = frozenset({"winmail.dat", "win.dat"})
TYPES: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # it logs what it finds


@dataclass(frozen=True, slots=True)
class Unwrapped:
    files: tuple[tuple[str, bytes], ...]
    text: str
    html: str


def unwrapped(content: bytes) -> Unwrapped | None:
    """What is in it, or None where it cannot be read: then it stays the file that it is."""
    try:
        found = TNEF(content, do_checksum=False)
        files = tuple(
            (_name(one, number), bytes(one.data or b""))
            for number, one in enumerate(found.attachments[:MOST], 1)
        )
        return Unwrapped(files, _text(found.body), _text(found.htmlbody))
    except Exception:  # noqa: BLE001 - a parser of a format without a standard, and hostile input
        return None


def _name(attachment: object, number: int) -> str:
    name = getattr(attachment, "long_filename", None)
    found = name() if callable(name) else ""
    return str(found or getattr(attachment, "name", "") or f"file-{number}").strip("\x00 ")


def _text(body: object) -> str:
    if isinstance(body, bytes):
        return decoded(body, None)
    return body if isinstance(body, str) else ""
