"""Choosing inside the account: the same page as by link, and the same care for what was read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.conftest import POLICIES, Company
from accounts.customers import Customer, words
from troth.channels.accounts.models import User
from troth.core.actors import Actor
from troth.core.choices import checking
from troth.core.choices.models import Choice
from troth.core.ledger.api import verifier
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.hub.public.mailing import link_of

PAGE = "/account/choices/"
PRIZE = "contests:to.prize-giver"


def person() -> Person:
    return User.objects.get().person.root


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def ticked(answer: Any) -> set[str]:
    tags = re.findall(r'<input[^>]*type="checkbox"[^>]*>', text(answer))
    return {
        found[1]
        for tag in tags
        if " checked" in tag and (found := re.search('value="([^"]*)"', tag))
    }


def sent(answer: Any, *, on: set[str]) -> dict[str, Any]:
    """What the form of a page sends with these switches on."""
    shown = re.findall(r'name="shown" value="([^"]+)"', text(answer))
    version = re.search(r'name="version" value="([^"]+)"', text(answer))
    assert version
    return {"version": version[1], "shown": shown, "on": sorted(on)}


def next_version() -> None:
    """The policy once more, with other words and a new purpose."""
    source = (POLICIES / "comm100.toml").read_text("utf-8")
    old = current().version
    changed = source.replace(f'version = "{old}"', f'version = "{old}-next"')
    assert changed != source
    publish(
        changed.replace("News about new features", "News about what is new"),
        actor=Actor.system("cli"),
    )


@pytest.fixture(params=["account", "link"])
def page(request: pytest.FixtureRequest, ada: Customer) -> tuple[Client, str]:
    """The preference page in each of its shells: whose browser, and its address."""
    if request.param == "link":
        return Client(), link_of(person())
    return ada.browser, PAGE


def test_a_choice_made_in_the_account_acts_and_has_its_receipt(
    ada: Customer, company: Company
) -> None:
    opened = ada.browser.get(PAGE)
    assert "Choices" in words(opened)
    saved = ada.browser.post(PAGE, sent(opened, on=ticked(opened) - {"newsletter"}), follow=True)
    assert "Saved. It holds from now on." in words(saved)
    assert "newsletter" not in ticked(saved)
    choice = Choice.objects.get(purpose="newsletter", manner="")
    assert choice.way == "preference-account"
    answer = ada.browser.get(f"{PAGE}receipts/{choice.entry}.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    checked = checking.check(json.loads(answer.content), verifier(company.organisation.pk))
    assert checked.events[-1].wording.startswith("News about new features")


def test_a_receipt_of_somebody_else_is_missing(
    ada: Customer, new_account: Callable[[], Customer]
) -> None:
    opened = ada.browser.get(PAGE)
    ada.browser.post(PAGE, sent(opened, on=ticked(opened) - {"newsletter"}))
    choice = Choice.objects.get(purpose="newsletter")
    other = new_account()
    assert other.browser.get(f"{PAGE}receipts/{choice.entry}.jsonld").status_code == 404


def test_a_page_of_an_older_version_saves_nothing_and_loses_nothing(
    page: tuple[Client, str],
) -> None:
    browser, address = page
    opened = browser.get(address)
    old = current().version
    next_version()
    before = Choice.objects.count()
    wanted = (ticked(opened) - {"newsletter"}) | {PRIZE}
    refused = browser.post(address, sent(opened, on=wanted))
    assert refused.status_code == 409
    assert Choice.objects.count() == before, "nothing was saved"
    assert f"/policy/compare/{old}/{current().version}" in text(refused)
    assert "News about what is new" in words(refused), "the notice in force"
    assert ticked(refused) == wanted, "and the switches as they were set"
    saved = browser.post(address, sent(refused, on=ticked(refused)), follow=True)
    assert "Saved" in words(saved)
    assert {"newsletter", PRIZE} & ticked(saved) == {PRIZE}
    versions = {one.version for one in Choice.objects.order_by("-at")[:2]}
    assert versions == {current().version}


def test_what_changed_meanwhile_is_not_undone_by_an_old_page(page: tuple[Client, str]) -> None:
    browser, address = page
    opened = browser.get(address)
    browser.post(address, sent(opened, on=ticked(opened) - {"offers"}))
    next_version()
    refused = browser.post(address, sent(opened, on=ticked(opened) - {"newsletter"}))
    assert refused.status_code == 409
    assert not {"offers", "newsletter"} & ticked(refused)


def test_a_save_tells_of_what_it_changed_and_of_nothing_else(page: tuple[Client, str]) -> None:
    browser, address = page

    def saved(*, without: str) -> str:
        opened = browser.get(address)
        answer = browser.post(address, sent(opened, on=ticked(opened) - {without}), follow=True)
        told = words(answer).partition("Saved. It holds from now on.")[2]
        return told.partition("Save my choices")[0]

    saved(without="newsletter")
    told = saved(without="offers")
    assert "You said no to “Offers and events" in told
    assert "You said no to “News about new features”" not in told
    other = Choice.objects.earliest("at").entry
    assert other
    for since in ("", "x", "0" * 32):
        assert "Nothing was changed" in words(browser.get(f"{address}?since={since}"))
    assert "Nothing was changed" not in words(browser.get(f"{address}?since={other.hex}"))


@pytest.mark.parametrize("version", ["", "never-was", "<b>"])
def test_a_choice_without_a_known_notice_is_no_choice(
    page: tuple[Client, str], version: str
) -> None:
    browser, address = page
    before = Choice.objects.count()
    refused = browser.post(address, {"version": version, "shown": ["newsletter"], "on": []})
    assert refused.status_code == 409
    assert "/policy/compare/" not in text(refused)
    assert "<b>" not in text(refused)
    assert Choice.objects.count() == before


def test_to_log_in_with_the_signal_is_an_objection(ada: Customer) -> None:
    assert not Choice.objects.filter(way="gpc").exists()
    for _ in range(2):
        ada.browser.post("/account/logout/")
        again = ada.browser.post(
            "/account/login/",
            {"name": ada.seed.email, "password": ada.password},
            headers={"sec-gpc": "1"},
        )
        assert again.status_code == 302
    made = list(Choice.objects.filter(way="gpc").values_list("purpose", "manner"))
    assert len(made) == len(set(made)) > 0


def test_a_yes_that_ends_is_renewed_with_one_button(ada: Customer) -> None:
    source = (POLICIES / "comm100.toml").read_text("utf-8")
    label = 'label = "Counting visits to make our pages better"'
    assert label in source
    old = current().version
    changed = source.replace(label, f'{label}\nlasts = "1 year"')
    publish(
        changed.replace(f'version = "{old}"', f'version = "{old}-next"'),
        actor=Actor.system("cli"),
    )
    opened = ada.browser.get(PAGE)
    assert "statistics" not in ticked(opened)
    given = ada.browser.post(PAGE, sent(opened, on={*ticked(opened), "statistics"}), follow=True)
    assert "Your yes ends on" in words(given)
    again = ada.browser.post(
        PAGE, sent(given, on=ticked(given)) | {"renew": "statistics"}, follow=True
    )
    assert "You said yes to “Counting visits to make our pages better” anew" in words(again)
    first, second = Choice.objects.filter(purpose="statistics").order_by("at")
    assert (first.decision, second.decision) == ("given", "renewed")
    assert second.ends_at
    assert first.ends_at
    assert second.ends_at >= first.ends_at
