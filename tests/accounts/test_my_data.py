from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from accounts.conftest import Company, Post
from accounts.customers import Customer, words
from support.seeded import assert_nowhere
from troth.core.ledger import notes, receipts
from troth.core.notices.versions import current

KEY = re.compile(r"\b(?:user|system|essential|marketing)\.[a-z_]+")


def test_what_is_held_is_shown_with_source_and_clause(ada: Customer) -> None:
    page = words(ada.browser.get("/account/my-data/"))
    for value in (ada.seed.name, ada.seed.email, ada.seed.website):
        assert value in page
    assert "Your name" in page
    assert "Open an account" in page
    assert re.search(r"§ ?2\.7", page)
    assert "unless you say no" in page


def test_what_happened_is_told_in_words(ada: Customer) -> None:
    ada.browser.get("/account/profile/")
    page = words(ada.browser.get("/account/my-data/"))
    assert "You confirmed your address and opened the account." in page
    assert "The system read your e-mail address for “Your account and its safety”." in page
    assert not KEY.findall(page), "a key of the policy instead of words"


def test_a_receipt_can_be_checked_without_us(ada: Customer, tmp_path: Path) -> None:
    page = ada.browser.get("/account/my-data/").content.decode()
    path = re.search(r'href="(/account/my-data/receipts/[^"]+)"', page)
    assert path
    answer = ada.browser.get(path[1])
    assert "attachment" in answer["Content-Disposition"]
    key = re.search(r"<pre[^>]*>([^<]+)</pre>", ada.browser.get("/account/my-data/checking/")
                    .content.decode())  # fmt: skip
    assert key
    from html import unescape  # noqa: PLC0415

    checked = receipts.check(json.loads(answer.content), notes.Verifier.parse(unescape(key[1])))
    assert checked.entry["subject"]


def test_a_receipt_is_for_whom_it_is_about(
    ada: Customer, new_account: Callable[[], Customer]
) -> None:
    page = ada.browser.get("/account/my-data/").content.decode()
    path = re.search(r'href="(/account/my-data/receipts/[^"]+)"', page)
    assert path
    eve = new_account()
    assert eve.browser.get(path[1]).status_code == 404
    assert Client().get(path[1])["Location"].startswith("/account/login/")


@pytest.mark.parametrize("before", ["x", "' OR 1=1", "0" * 32])
def test_a_made_up_place_in_the_timeline_shows_nothing_of_others(
    ada: Customer, before: str
) -> None:
    assert ada.browser.get("/account/my-data/", {"before": before}).status_code in (200, 404)


def test_no_value_stands_in_any_file_in_clear(
    ada: Customer, company: Company, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    """The whole run of a customer, then a search of everything the databases wrote."""
    ada.log_in(ada.other_browser())
    ada.log_in(Client(), password="a wrong password")
    Client().post("/account/reset/", {"address": ada.seed.email})
    ada.browser.post("/account/profile/", {"name": ada.seed.name, "website": ada.seed.website,
                                           "phone": ada.seed.phone})  # fmt: skip
    Customer(seed=ada.seed).register()
    post()
    ada.browser.get("/account/my-data/")
    assert_nowhere([*ada.seed.values(), ada.password], company.folder)
    said = caplog.text
    assert not [value for value in ada.seed.values() if value in said]


@pytest.mark.parametrize("page", ["", "my-data/"])
def test_the_way_to_the_choices_leads_to_the_persons_own(ada: Customer, page: str) -> None:
    text = ada.browser.get(f"/account/{page}").content.decode()
    assert 'href="/account/choices/"' in text
    opened = ada.browser.get("/account/choices/")
    assert "News about new features" in words(opened)
    sent = {"version": current().version, "shown": ["newsletter"], "on": []}
    ada.browser.post("/account/choices/", sent)
    assert "you said so on" in words(ada.browser.get("/account/my-data/"))
