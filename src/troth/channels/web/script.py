"""The script of a page: a few lines that know which fields the policy's clause names."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from troth.channels.web.grounds import Ground


class Script(NamedTuple):
    """One organisation's script."""

    text: bytes
    packed: bytes
    tag: str


def script_of(ground: Ground) -> Script:
    """The script that reports what this clause names."""
    return _script(ground.sent, ground.link)


@lru_cache(maxsize=64)
def _script(fields: tuple[str, ...], link: str) -> Script:
    given = json.dumps({"fields": fields, "link": link}, separators=(",", ":"))
    text = f'(()=>{{"use strict";const GIVEN={given};\n{_program()}}})();\n'.encode()
    return Script(text, gzip.compress(text, 9, mtime=0), sha256(text).hexdigest()[:32])


@cache
def _program() -> str:
    place = files("troth.channels.web") / "static" / "web" / "count.js"
    return re.sub(r"^[ \t]*(?://[^\n]*)?\n?", "", place.read_text("utf-8"), flags=re.MULTILINE)
