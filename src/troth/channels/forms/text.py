"""Text as people type it, and tricks with it: what is tidied and what is refused, with a reason."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.core.exceptions import ValidationError

# Turning text around or hiding it (UAX #9 §2, and the zero-width characters that are not joiners).
_DIRECTION: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HIDDEN: Final = frozenset("\u200b\u2060\ufeff\u00ad\u180e")
_STACKED_MARKS = (
    4  # more marks than this on one letter is no language, but a way to paint over lines
)


def tidy(text: str, *, multiline: bool = False) -> str:
    """NFC, no hidden characters, no space at the ends. Raises `ValidationError` for the rest."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.isascii():
        text = "".join(character for character in text if character not in _HIDDEN)
    text = text.strip()
    if not multiline and "\n" in text:
        raise ValidationError("Write this on one line.", code="lines")
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    marks = 0
    for character in text:
        kind = unicodedata.category(character)
        if character in _DIRECTION:
            raise ValidationError("Leave out characters that turn text around.", code="direction")
        if kind in ("Cc", "Cs", "Co", "Cn") and character not in "\n\t":
            raise ValidationError("Leave out characters that cannot be shown.", code="control")
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks > _STACKED_MARKS:
            raise ValidationError("Leave out the stacked accents.", code="marks")
    return text
