from __future__ import annotations

from collections.abc import Iterator

import pytest

from conversations.company import Company
from conversations.live.process import Live, served


@pytest.fixture
def live(company: Company) -> Iterator[Live]:
    """A live process for the test's company."""
    with served(company.urls) as running:
        yield running
