"""The script: its modules one after the other, with all they need before they are opened."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final, NamedTuple

from troth.channels.conversations.masking import RULES, WORDS
from troth.kit.accent import DEFAULT, tones

LANGUAGES: Final = ("en", "de", "ar")
MODULES: Final = (
    *("here", "masking", "making", "keeping", "calling", "linking", "asking", "thread", "ending"),
    *("widget", "talking", "standing"),
)
"""In the order in which they stand in the script."""


class Script(NamedTuple):
    """One organisation's script."""

    text: bytes
    packed: bytes
    tag: str


@lru_cache(maxsize=64)
def script(name: str, accent: str, policy: str) -> Script:
    """The script of a company by its name, its colour and where its policy is read."""
    carried = {
        "name": name,
        "policy": policy,
        "accent": {
            "light": tones(accent or DEFAULT, dark=False)._asdict(),
            "dark": tones(accent or DEFAULT, dark=True)._asdict(),
        },
        "rules": RULES,
        "words": {language: words(language) for language in LANGUAGES},
        "sheet": _bare(_static("widget.css")),
    }
    return _packed(carried, MODULES)


@cache
def desk_script() -> Script:
    """What blots out in the console what staff type, by the same rules."""
    return _packed({"rules": RULES, "words": WORDS}, ("masking", "inbox"))


def _packed(carried: dict[str, Any], modules: tuple[str, ...]) -> Script:
    made = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
    program = "\n".join(_bare(_static(f"{module}.js")) for module in modules)
    text = f'(()=>{{"use strict";const GIVEN={made};\n{program}\n}})();\n'.encode()
    return Script(text, gzip.compress(text, 9, mtime=0), sha256(text).hexdigest()[:32])


@cache
def words(language: str) -> dict[str, Any]:
    """The words of a language, as data."""
    place = files("troth.channels.conversations") / "widget" / "strings" / f"{language}.json"
    found: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return found


def _static(name: str) -> str:
    place = files("troth.channels.conversations") / "static" / "conversations" / "widget" / name
    return place.read_text("utf-8")


def _bare(text: str) -> str:
    """Without indentation and lines of comment. No text of the modules runs over lines."""
    return re.sub(r"^[ \t]*(?://[^\n]*)?\n?", "", text, flags=re.MULTILINE)
