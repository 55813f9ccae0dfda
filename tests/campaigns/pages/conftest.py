"""The companies of the console's tests, with campaigns."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from console.cast import Company
from console.conftest import companies, template  # noqa: F401 - fixtures
from troth.core.organisations.scope import scope


@pytest.fixture
def comm100(companies: Callable[[str], Company]) -> Iterator[Company]:  # noqa: F811
    """Newsletters by opt-out, and moderation."""
    found = companies("comm100")
    with scope(found.organisation):
        yield found


@pytest.fixture
def comindware(companies: Callable[[str], Company]) -> Iterator[Company]:  # noqa: F811
    """Openings are counted where people said yes; lists for post and phone."""
    found = companies("comindware")
    with scope(found.organisation):
        yield found
