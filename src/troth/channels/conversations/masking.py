"""Values that nobody should write into a conversation: found, and blotted out.

Card numbers (ISO/IEC 7812), IBANs (ISO 13616), national numbers with their check digits, and
passwords that are named as such. `masking_rules.json` has the patterns; the widget's script carries
the same file and does the same before anything leaves the browser, and here it is done again before
anything is stored. It is a net with meshes: a password without the word beside it goes through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from stdnum import iban, luhn
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale

WORDS: Final = {
    "card": "a card number",
    "iban": "an account number (IBAN)",
    "national-id": "a national identity number",
    "password": "a password",
}
"""The kinds, in the order in which people are told of them."""
RULES: Final[dict[str, Any]] = json.loads(
    files("troth.channels.conversations").joinpath("masking_rules.json").read_text("utf-8")
)
BLOT: Final = "•"
SECRET: Final = BLOT * 8  # says nothing of its length


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without the values, and which kinds of them it had."""

    text: str
    kinds: tuple[str, ...] = ()


class Span(NamedTuple):
    start: int
    end: int


Finder = Callable[[str], Iterable[Span]]
Step = tuple[str, Finder, Callable[[str], str]]


def mask(text: str) -> Masked:
    """The text with what it should not have blotted out. To mask twice changes nothing more."""
    if not _WORTH_LOOKING.search(text):
        return Masked(text)
    found, plain = set(), _ascii_digits(text)
    for kind, spans, blot in _steps():
        if hits := list(spans(plain)):
            found.add(kind)
            text = _replaced(text, hits, blot)
            plain = _ascii_digits(text)
    return Masked(text, tuple(kind for kind in WORDS if kind in found))


def holds_card(text: str) -> bool:
    """Whether a card number stands in a text."""
    return "card" in mask(text).kinds


def _compile(pattern: str) -> re.Pattern[str]:
    # ASCII, so that case means the same as in the browser.
    return re.compile(pattern.replace("<word>", RULES["password_word"]), re.IGNORECASE | re.ASCII)


_DIGITS: Final = {
    ord(zero) + value: str(value) for zero in RULES["digit_zeros"] for value in range(10)
}
_WORTH_LOOKING: Final = _compile(f"[{''.join(map(chr, _DIGITS))}]|<word>")
_GAP: Final = re.compile(RULES["gap"])
_RUN: Final = _compile(RULES["run"])
_CARD: Final = re.compile(RULES["card"])
_CARD_GROUPS: Final = [[int(size) for size in usual.split(",")] for usual in RULES["card_groups"]]
_MOST_GROUPS: Final = 5
_LONGEST_CARD: Final = 19
_IBAN: Final = _compile(RULES["iban"])
_IBAN_LENGTHS: Final = {
    country: int(length)
    for country, length in re.findall("([A-Z]{2})([0-9]{2})", RULES["iban_lengths"])
}
_LETTER: Final = re.compile("[0-9A-Za-z]")
_BARE: Final = re.compile("[^0-9A-Za-z]")


def _ascii_digits(text: str) -> str:
    """The figures of other scripts as those the patterns know; every character keeps its place."""
    return text if text.isascii() else text.translate(_DIGITS)


def _replaced(text: str, spans: Iterable[Span], blot: Callable[[str], str]) -> str:
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], blot(text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


def _each(text: str) -> str:
    """Every letter and digit blotted out; the gaps show that it was a number."""
    return "".join(BLOT if char.isalnum() else char for char in text)


def _wholly(_text: str) -> str:
    return SECRET


def _matching(pattern: str, right: Callable[[str], bool] = bool) -> Finder:
    """What stands in the second group of the pattern, where its letters and digits are right."""
    compiled = _compile(pattern)

    def spans(text: str) -> Iterator[Span]:
        for hit in compiled.finditer(text):
            if right is bool or right(_BARE.sub("", hit[2]).upper()):
                yield Span(*hit.span(2))

    return spans


def _cards(text: str) -> Iterator[Span]:
    for run in _RUN.finditer(text):
        groups, at = _groups(run), 0
        while at < len(groups):
            past = _card_from(groups, at, text)
            if past:
                yield Span(groups[at].start, groups[past - 1].end)
            at = past or at + 1


def _groups(run: re.Match[str]) -> list[Span]:
    groups, start = [], run.start()
    for gap in _GAP.finditer(run.string, run.start(), run.end()):
        groups.append(Span(start, gap.start()))
        start = gap.end()
    return [*groups, Span(start, run.end())]


def _card_from(groups: list[Span], first: int, text: str) -> int:
    """Past which group a card that begins with the group `first` ends; 0 if none does.

    Within a longer row of figures only what is grouped as cards are counts: else one order number
    in ten would be a card by chance.
    """
    sizes = [end - start for start, end in groups[first : first + _MOST_GROUPS]]
    ends = [len(groups)] if first == 0 and len(groups) <= _LONGEST_CARD else []
    ends += [first + len(usual) for usual in _CARD_GROUPS if sizes[: len(usual)] == usual]
    for past in [*ends, first + 1]:
        number = "".join(text[start:end] for start, end in groups[first:past])
        if _CARD.match(number) and luhn.is_valid(number):
            return past
    return 0


def _ibans(text: str) -> Iterator[Span]:
    at = 0
    while hit := _IBAN.search(text, at):
        end = _end_of(hit[0], _IBAN_LENGTHS.get(hit[0][:2].upper(), 0))
        if end and iban.is_valid(_BARE.sub("", hit[0][:end]), check_country=False):
            yield Span(hit.start(), hit.start() + end)
            at = hit.start() + end
        else:
            at = hit.start() + 1  # the next group may begin one


def _end_of(text: str, length: int) -> int:
    """Where `length` letters and digits end, if a group ends there too; else 0."""
    places = [at for at, char in enumerate(text) if _LETTER.match(char)]
    if not 0 < length <= len(places):
        return 0
    end = places[length - 1] + 1
    return 0 if end < len(text) and _LETTER.match(text[end]) else end


def _ssn(number: str) -> bool:
    """Never given: area 000, 666 and from 900, group 00, serial 0000 (SSA, since 2011)."""
    area, group, serial = number[:3], number[3:5], number[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def _nino(number: str) -> bool:
    """No check digit; some prefixes are never given (HMRC, NIM39110)."""
    return number[:2] not in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}


_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "ssn": _ssn,
    "nino": _nino,
    "nir": nir.is_valid,
    "ahv": ahv.is_valid,
    "idnr": idnr.is_valid,
    "sin": sin.is_valid,
    "dni": dni.is_valid,
    "nie": nie.is_valid,
    "codicefiscale": codicefiscale.is_valid,
}


@cache
def _steps() -> tuple[Step, ...]:
    """One kind after the other, each on what the one before it left."""
    return (
        *(("password", _matching(pattern), _wholly) for pattern in RULES["passwords"]),
        ("card", _cards, _each),
        ("iban", _ibans, _each),
        *(("national-id", _matching(is_, _CHECKS[of]), _each) for of, is_ in RULES["ids"]),
    )
