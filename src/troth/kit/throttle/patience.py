"""Answers that take as long for a known address as for an unknown one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_least(seconds: float) -> Iterator[None]:
    """Leave the block no sooner than `seconds` after it was entered.

    Queueing a mail takes some milliseconds that an unknown address does not; this covers them.
    """
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
