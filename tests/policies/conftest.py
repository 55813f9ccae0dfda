"""Each company once, for what has to hold of all."""

from __future__ import annotations

import pytest

from policies.companies import COMPANIES, Company, load


@pytest.fixture(params=COMPANIES)
def company(request: pytest.FixtureRequest) -> Company:
    return load(request.param)
