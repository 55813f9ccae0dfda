"""Answers that take as long for a known address as for an unknown one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.conf import settings


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


def same_time() -> AbstractContextManager[None]:
    """Leave the block after as long as an answer takes that must not tell whether an address is
    known: the setting `SAME_TIME`, in seconds.
    """
    return at_least(settings.SAME_TIME)
