"""Cells of a table that a spreadsheet can open without running anything in them."""

from __future__ import annotations

# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection).
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe(cell: object) -> str:
    """The cell as text that stays text: an apostrophe stands before what would be a formula."""
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_ACTIVE) else text
