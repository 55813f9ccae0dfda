"""The companies of the console's tests, with campaigns."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from console.cast import Company
from console.conftest import companies, template, writes  # noqa: F401 - fixtures
from troth.core.organisations.scope import scope


@pytest.fixture
def comm100(companies: Callable[[str], Company]) -> Iterator[Company]:  # noqa: F811
    """Newsletters by opt-out, and moderation. Each customer asked to hear more."""
    found = companies("comm100")
    with scope(found.organisation):
        for customer in found.customers:
            writes(customer.seed, "forms.get-in-touch")
        yield found


@pytest.fixture
def comindware(companies: Callable[[str], Company]) -> Iterator[Company]:  # noqa: F811
    """Openings are counted where people said yes; newsletters by post and phone, too."""
    found = companies("comindware")
    with scope(found.organisation):
        for customer in found.customers:
            writes(customer.seed, "forms.get-in-touch")
        yield found
