"""A company with remote help in this process, its agents and an empty desk."""

from __future__ import annotations

import pytest

from accounts.conftest import Company, company, made, server
from conversations.company import furnish, members
from troth.core.actors import Actor
from troth.core.staff.members import staff_actor

__all__ = ["company", "made", "server"]


@pytest.fixture
def agent(company: Company) -> Actor:
    furnish()
    return staff_actor(members()["ann"])
