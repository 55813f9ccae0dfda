"""What people and staff of the demo say to each other; the words are in `threads.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

THEM, US, NOTE = "person", "staff", "note"


@dataclass(frozen=True)
class Thread:
    """One conversation: its subject, who said what how many minutes later, and how it ended."""

    when: str  # past, or now: what is on the desk today
    way: str
    said: tuple[tuple[str, int, str], ...]
    subject: str = ""
    ends: str = "solved"  # open, waiting, hold, solved
    tags: tuple[str, ...] = ()
    priority: int = 2
    rating: int = 0
    named: bool = True  # whether a chat's visitor says who it is


def threads(when: str) -> list[Thread]:
    """Those of the months past, or those of today."""
    return [thread for thread in map(_thread, _read()["thread"]) if thread.when == when]


def canned() -> dict[str, str]:
    """Ready-made replies by what brings them up."""
    return dict(_read()["canned"])


def _thread(given: dict[str, Any]) -> Thread:
    said = tuple((one["side"], one.get("after", 0), one["text"]) for one in given["said"])
    return Thread(**{**given, "said": said, "tags": tuple(given.get("tags", ()))})


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(files("troth.hub.demo").joinpath("threads.toml").read_text("utf-8"))
