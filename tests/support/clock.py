"""A clock that stands still."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import time_machine


@pytest.fixture
def one_window() -> Iterator[None]:
    """No time passes in this process, so that no throttle begins to count anew during the test."""
    with time_machine.travel(time.time(), tick=False):
        yield
