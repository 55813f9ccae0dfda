"""A database as it stood at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frozen:
    """Rows by table, and the content to read once."""

    counts: dict[str, int]
    content: Iterable[bytes]
