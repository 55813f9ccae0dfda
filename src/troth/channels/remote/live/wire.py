"""Frames: one JSON object each, its kind in ``t``. docs/live-protocol.md has them all."""

from __future__ import annotations

import json
from typing import Any, Final

from troth.core.errors import Invalid, Refusal

LONGEST: Final = 32 * 1024


class FrameInvalid(Invalid):
    """What came is not a frame of the protocol."""


def out(kind: str, /, **values: Any) -> str:
    """A frame to send."""
    return json.dumps({"t": kind, **values}, ensure_ascii=False, separators=(",", ":"))


def error(refusal: Refusal) -> str:
    """A refusal in words."""
    told = {"what": refusal.what, "why": refusal.why, "clause": refusal.clause, "do": refusal.do}
    kept = {name: value for name, value in told.items() if value}
    return out("error", code=type(refusal).__name__, **kept)


def read(text: str) -> dict[str, Any]:
    """The frame that came in. Raises `FrameInvalid`."""
    try:
        found = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("t"), str):
        raise FrameInvalid("A frame is an object with its kind in “t”, of at most 32 KiB.")
    return found


def word(frame: dict[str, Any], name: str, most: int = 500) -> str:
    """A text of a frame; empty where it is missing. Raises `FrameInvalid`."""
    value = frame.get(name, "")
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise FrameInvalid(f"“{name}” is text of at most {most} characters.")
    return value
