from __future__ import annotations

import pytest

from conversations.company import Company
from conversations.inbox.operators import Operator, operator


@pytest.fixture
def ann(company: Company) -> Operator:
    return operator(company, "ann")


@pytest.fixture
def ben(company: Company) -> Operator:
    return operator(company, "ben")


@pytest.fixture
def owner(company: Company) -> Operator:
    return operator(company, "owner")
