"""How hard a text is to read: the grade level of Kincaid, Fishburne, Rogers and Chissom (1975).

    0.39 × words / sentences + 11.8 × syllables / words - 15.59

It is made for English, and an estimate: syllables are counted as groups of vowels, less a silent
final e.
"""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouyl])e$")


def grade(text: str) -> float | None:
    """The grade level, to one decimal; None where there is no word."""
    words = _WORD.findall(text)
    if not words:
        return None
    sentences = sum(bool(_WORD.search(part)) for part in _SENTENCE.split(text))
    syllables = sum(_syllables(word.lower()) for word in words)
    found = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return round(found, 1)


def _syllables(word: str) -> int:
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word.replace("’", "'")))))
