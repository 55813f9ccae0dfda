"""Frames: one JSON object each, its kind in ``t``. docs/live-protocol.md has them all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from troth.core.errors import Invalid, Refusal

LONGEST: Final = 32 * 1024  # bytes of one frame that comes in
LONGEST_TEXT: Final = 5_000  # characters of one message
LARGEST: Final = 2**31 - 1
_HALVES: Final = re.compile("[\ud800-\udfff]")  # of surrogate pairs, which JSON can spell alone


class FrameInvalid(Invalid):
    """What came is not a frame of the protocol."""


@dataclass(frozen=True, slots=True)
class Item:
    """One message as it goes out. `text` is None for whoever may not read it."""

    seq: int
    id: str
    side: str
    at: str
    text: str | None = None
    said: str = ""
    masked: tuple[str, ...] = ()
    author: str = ""
    files: tuple[dict[str, Any], ...] = ()

    def shown(self, *, words: bool, staff: bool) -> dict[str, Any]:
        """As it goes out: visitors learn that staff wrote, and not who."""
        found: dict[str, Any] = {"seq": self.seq, "id": self.id, "side": self.side, "at": self.at}
        if words and self.text is not None:
            found["text"] = self.text
        if self.said:
            found["said"] = self.said
        if self.author and staff:
            found["author"] = self.author
        if self.masked:
            found["masked"] = list(self.masked)
        if self.files:
            found["files"] = list(self.files)
        return found


def out(kind: str, /, **values: Any) -> str:
    """A frame to send."""
    return json.dumps({"t": kind, **values}, ensure_ascii=False, separators=(",", ":"))


def messages(
    items: Iterable[Item],
    *,
    after: int,
    seq: int,
    words: bool = True,
    staff: str = "",
) -> str:
    """All that is to be known of a conversation from `after`, without it, to `seq`. For staff it
    is named by its id.
    """
    more = {"conversation": staff} if staff else {}
    return out(
        "messages",
        after=after,
        seq=seq,
        items=[item.shown(words=words, staff=bool(staff)) for item in items],
        **more,
    )


def error(refusal: Refusal, code: str = "", **more: Any) -> str:
    """A refusal in words; `id` among `more` says of which message."""
    told = {"what": refusal.what, "why": refusal.why, "clause": refusal.clause, "do": refusal.do}
    return out(
        "error",
        code=code or type(refusal).__name__,
        **{name: value for name, value in told.items() if value},
        **more,
    )


def read(text: str | bytes | None) -> dict[str, Any]:
    """The frame that came in. Raises `FrameInvalid`."""
    if text is None or len(text) > LONGEST:
        raise _invalid("A frame is text of at most 32 KiB.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _invalid("A frame is JSON, and not deep.") from None
    if not isinstance(found, dict) or not isinstance(found.get("t"), str):
        raise _invalid("A frame is an object with its kind in “t”.")
    return found


def number(frame: dict[str, Any], name: str, default: int | None = None) -> int:
    value = frame.get(name, default)
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise _invalid(f"“{name}” is a number that is not below 0.")
    return value


def uuid(frame: dict[str, Any], name: str) -> UUID:
    value = frame.get(name)
    try:
        return UUID(value) if isinstance(value, str) else UUID(int=-1)
    except ValueError:
        raise _invalid(f"“{name}” is a UUID.") from None


def word(frame: dict[str, Any], name: str, most: int = 200) -> str:
    value = frame.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise _invalid(f"“{name}” is text of 1 to {most} characters.")
    if "\0" in value or _HALVES.search(value):
        raise _invalid(f"“{name}” holds what is no character.")
    return value


def _invalid(what: str) -> FrameInvalid:
    return FrameInvalid(what, do="See the protocol of the live process.")
