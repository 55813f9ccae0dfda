"""Where the policy has no remote help there is none, and nothing leads to it."""

from __future__ import annotations

import pytest
from django.test import Client

from remote.conftest import Company
from troth.channels.remote.clauses import RemoteMissing
from troth.channels.remote.offering import offer
from troth.core.actors import Actor
from troth.core.staff.models import Role

ABLE = Actor("staff", "0" * 32, abilities=frozenset({str(Role.Ability.REMOTE_HELP)}))


@pytest.mark.parametrize("company", ["com1", "comm100", "comindware", "comintech"], indirect=True)
def test_no_page_and_no_way_to_it(company: Company) -> None:
    browser = Client()
    assert browser.get("/help-session").status_code == 404
    assert b"/help-session" not in browser.get("/").content
    with pytest.raises(RemoteMissing):
        offer(actor=ABLE, ground="repair", seconds=900)
