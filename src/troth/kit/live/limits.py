"""How much one caller may do: a bucket that fills again with time."""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic


class Bucket:
    """`burst` at once, and `rate` a second in the long run."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst, self._left, self._at = rate, burst, burst, monotonic()

    def take(self, cost: float = 1) -> bool:
        """Whether so much more is fine; if so it is counted."""
        now = monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < min(cost, self._burst):
            return False
        self._left -= cost
        return True


class Callers:
    """A bucket for each caller, of the `most` that called last."""

    def __init__(self, rate: float, burst: float, most: int = 20_000) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._of: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, caller: str, cost: float = 1) -> bool:
        bucket = self._of.get(caller)
        if bucket is None:
            bucket = self._of[caller] = Bucket(self._rate, self._burst)
            if len(self._of) > self._most:
                self._of.popitem(last=False)
        else:
            self._of.move_to_end(caller)
        return bucket.take(cost)
