"""Proof of permission: what a row says of when and how its person agreed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

ELEMENT: Final = "user.privacy_preferences"
"""The category of the element that holds the proof."""

_ISO: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d?)-(\d\d?)(?!\d)")
_COMMON: Final = re.compile(r"(?<!\d)(\d\d?)[./-] ?(\d\d?)[./-] ?((?:19|20)\d\d)(?!\d)")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def fault(text: str, today: date) -> str:
    """Why this proves nothing: ``no-proof``, ``no-date``, ``future``; empty if it may count.

    Whether it is true nobody can tell from here: it is kept with the person, who can see it.
    """
    if not any(character.isalnum() for character in text):
        return "no-proof"
    dates = list(_dates(text))
    if any(all(reading > today for reading in readings) for readings in dates):
        return "future"
    years = [int(found) for found in _YEAR.findall(text)]
    if not dates and any(year > today.year for year in years):
        return "future"
    return "" if dates or years else "no-date"


def _dates(text: str) -> Iterator[list[date]]:
    """Each date in the text in each way it can be read: 3/4/2015 is of March or of April."""
    for year, month, day in _ISO.findall(text):
        yield from _readings(year, (month, day))
    for first, second, year in _COMMON.findall(text):
        yield from _readings(year, (first, second), (second, first))


def _readings(year: str, *ways: tuple[str, str]) -> Iterator[list[date]]:
    found = []
    for month, day in ways:
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    if found:
        yield found
