"""A measured figure, and how two things are timed beside each other."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `against` names the peer; `ratio` is the multiple that the target speaks of."""

    value: float
    unit: str
    against: str
    ratio: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Ours and the peer's, one of each from every round, in seconds or any other unit."""

    ours: list[float]
    peer: list[float]

    @property
    def value(self) -> float:
        return statistics.median(self.ours)

    @property
    def peers(self) -> float:
        return statistics.median(self.peer)

    @property
    def ours_to_peer(self) -> float:
        """The median of each round's ratio: a load that comes and goes meets both sides alike."""
        return statistics.median(ours / peer for ours, peer in self._rounds())

    @property
    def peer_to_ours(self) -> float:
        return statistics.median(peer / ours for ours, peer in self._rounds())

    def _rounds(self) -> list[tuple[float, float]]:
        return list(zip(self.ours, self.peer, strict=True))


def seconds(work: Work, clock: Clock = time.perf_counter) -> float:
    """How long one call takes, with the garbage of the one before collected first."""
    gc.collect()
    start = clock()
    work()
    return clock() - start


def beside(ours: Work, peer: Work, *, rounds: int = 5, clock: Clock = time.perf_counter) -> Pair:
    """Time both in turn. The first round warms up and does not count; each side goes first in
    every other one. `clock` is the wall's, or `time.process_time` for what only computes.
    """
    found = Pair([], [])
    for turn in range(rounds + 1):
        sides = [(ours, found.ours), (peer, found.peer)]
        for work, times in sides[:: -1 if turn % 2 else 1]:
            took = seconds(work, clock)
            if turn:
                times.append(took)
    return found
