"""What runs for all proofs of one company."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

T = TypeVar("T")


class Kept:
    """Keeps what is served for a company's proofs until those of another begin: a company that
    nobody asks anything any more still costs time.
    """

    def __init__(self) -> None:
        self._key = ""
        self._open = ExitStack()
        self._made: dict[str, Any] = {}

    def get(self, key: str, what: str, make: Callable[[ExitStack], T]) -> T:
        """What was made for this company under the name `what`, or is now."""
        if key != self._key:
            self.close()
            self._key = key
        if what not in self._made:
            self._made[what] = make(self._open)
        found: T = self._made[what]
        return found

    def close(self) -> None:
        """End all of it."""
        self._made.clear()
        self._open.close()
