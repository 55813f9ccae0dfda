"""Work for the database, gathered: what comes while one call runs goes into the next one together.

Alone an item waits for nobody. Under load the calls grow by themselves, and with them what one
transaction, one statement and one wait for the disk carry. A few milliseconds between two of them
(`every`) let them grow before the processor is full.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from time import monotonic
from typing import Final, Generic, TypeVar

from django.db import OperationalError, close_old_connections, connections

T = TypeVar("T")
R = TypeVar("R")
FRESH: Final = 1.0  # seconds in which a connection that was good is taken to be good still
logger = logging.getLogger(__name__)


class Gathering(Generic[T, R]):
    """Calls `do` in a thread of `executor` with a batch; it returns a result for each item."""

    def __init__(
        self,
        do: Callable[[Sequence[T]], Sequence[R]],
        executor: Executor,
        *,
        most: int = 500,
        every: float = 0,
        done: Callable[[Sequence[T], Sequence[R]], None] | None = None,
    ) -> None:
        """At most `most` go into a batch, and two batches do not begin within `every` seconds.
        `done` hears in the event loop of each batch before those who wait for it do.
        """
        self._do, self._executor, self._most, self._done = do, executor, most, done
        self._every, self._begun_at = every, 0.0
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None
        self._used_at = 0.0

    def put(self, item: T) -> asyncio.Future[R]:
        """Have it done; the future has its result, or what `do` raised."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return future

    def push(self, item: T) -> None:
        """Have it done; nobody waits for it, and a failure is only logged."""
        self.put(item).add_done_callback(_heard_of)

    async def rest(self) -> None:
        """Wait until nothing waits."""
        while self._running is not None:
            await self._running

    async def _run(self) -> None:
        try:
            while self._waiting:
                if (early := self._begun_at + self._every - monotonic()) > 0:
                    await asyncio.sleep(early)
                self._begun_at = monotonic()
                batch = self._waiting[: self._most]
                del self._waiting[: self._most]
                await self._one(batch)
        finally:
            self._running = None

    async def _one(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        items = [item for item, _ in batch]
        try:
            results = await asyncio.get_running_loop().run_in_executor(
                self._executor, self._call, items
            )
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            if len(batch) > 1 and not isinstance(error, OperationalError):
                half = len(batch) // 2  # what is wrong with one is not the others' fault
                await self._one(batch[:half])
                await self._one(batch[half:])
                return
            logger.warning("A batch of %d failed: %s", len(batch), type(error).__name__)
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        if self._done is not None:
            self._done(items, results)
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)

    def _call(self, items: Sequence[T]) -> Sequence[R]:
        now = monotonic()
        if now - self._used_at > FRESH:
            close_old_connections()
        try:
            return self._do(items)
        except Exception:
            self._used_at = 0
            _drop_broken()
            raise
        finally:
            self._used_at = monotonic()


def _drop_broken() -> None:
    """After a failure: a connection that the server closed is not used again."""
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()


def _heard_of(future: asyncio.Future[R]) -> None:
    if not future.cancelled():
        future.exception()
