"""An order begun: what is kept of it until it is sent, and of whom nothing is."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.conftest import Company
from troth.channels.billing import beginning, clauses, products
from troth.channels.billing.models import Begun
from troth.channels.forms.api import UNDER_AGE
from troth.core.actors import Actor
from troth.core.notices.versions import current

SELLER = Actor("staff", "1" * 32, abilities=frozenset({products.ABILITY}))
PATH = "/shop/plan/order"


@pytest.mark.parametrize("company", ["com1"], indirect=True)
@pytest.mark.parametrize("path", [PATH, f"{PATH}/kept"])
def test_nothing_stays_of_what_a_child_wrote(company: Company, path: str) -> None:
    products.make(products.Offer("plan", "Plan", 1250, "EUR", shown=True), actor=SELLER)
    client = Client()
    page = client.get(PATH, secure=True).content.decode()
    [nonce] = re.findall(r'name="nonce" value="([^"]+)"', page)
    said = {"nonce": nonce, "quantity": "1", "name": "Kit Small"}
    assert client.post(f"{PATH}/kept", said, secure=True).status_code == 204
    assert Begun.objects.count() == 1
    client.post(path, said | {UNDER_AGE: "on"}, secure=True)
    assert not Begun.objects.exists()
    assert "Kit Small" not in client.get(PATH, secure=True).content.decode()


@pytest.mark.parametrize("company", ["com1"], indirect=True)
@pytest.mark.again
def test_what_is_sent_twice_at_once_is_kept_once(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, place = beginning.Beginning("1" * 32, "/shop/"), current().rules.touchpoints
    ends = beginning._ends

    def slow() -> object:
        monkeypatch.setattr(beginning, "_ends", ends)
        beginning.keep(found, {"name": "Ada"}, place[clauses.PLACE])
        return ends()

    monkeypatch.setattr(beginning, "_ends", slow)
    beginning.keep(found, {"name": "Ada L."}, place[clauses.PLACE])
    assert Begun.objects.count() == 1
