"""What a browser keeps of its choice: which categories, on which day, under which version.

It holds no number of its own, so that browsers which chose alike on one day are alike: it says
what to do, and nothing of who came. It is needed for what it says, so it needs no yes itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Self

from troth.channels.cookies.declared import OPTIONAL

NAME: Final = "troth_cookies"
_WRITTEN: Final = re.compile(r"(\d{8})~([a-z-]*)~([0-9A-Za-z._-]{1,60})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Record:
    """A choice as its cookie holds it."""

    day: date
    accepted: frozenset[str]
    version: str
    """The version of the policy that was shown."""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The record a cookie holds; None for whatever else is in it."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            return None
        accepted = frozenset(filter(None, match[2].split("-")))
        try:
            day = datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()
        except ValueError:
            return None
        return cls(day, accepted, match[3]) if accepted <= set(OPTIONAL) else None

    def __str__(self) -> str:
        accepted = "-".join(one for one in OPTIONAL if one in self.accepted)
        return f"{self.day:%Y%m%d}~{accepted}~{self.version}"
