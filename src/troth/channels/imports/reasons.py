"""Why a row does not come in, as the page and the problems file say it."""

from __future__ import annotations

from typing import Final

BAD: Final = {
    "cells": "The row has more cells than the header.",
    "missing": "This has to be filled in, and is empty.",
    "invalid": "This is not of the form the column takes.",
    "max_length": "This is too long.",
    "lines": "This has to stand on one line.",
    "direction": "There are characters that turn text around.",
    "control": "There are characters that cannot be shown.",
    "marks": "There are stacked accents.",
}
REFUSED: Final = {
    "no-proof": "No proof of permission, and the clause asks for one.",
    "no-date": "The proof does not say when it was given; the year at least has to be there.",
    "future": "The proof has a date in the future.",
    "repeat": "The same address stands further up in this list. The first row counts.",
    "erased": "Erased on request. The address does not come back by a list.",
}
WORDS: Final = BAD | REFUSED


def of_code(code: str | None) -> str:
    """The reason for the code of a `ValidationError`; its message is not used, it may quote."""
    if code == "required":
        return "missing"
    return code if code in BAD else "invalid"
