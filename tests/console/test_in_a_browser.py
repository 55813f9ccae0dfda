"""The console in a real browser: keys, dark, phone, without JavaScript, and axe on every page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from support.browser import axe, for_everybody
from support.installations import Installation, Site, served

ADDRESS, PASSWORD = "owner@staff.example", "six geese a-laying eggs"
CUSTOMER = "Zora Quince"
MAKE = f"""
import django; django.setup()
from django.db import transaction
from troth.channels.accounts.api import register_staff
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.ledger.api import sequence
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.people.records import Given
from troth.core.staff.models import Role
from troth.hub.assessing.running import Wanted, run
with scope(Organisation.objects.get()):
    register_staff(Actor.system("cli"), "Olive Owner", "{ADDRESS}", Role.objects.get(name="Owner"),
                   password="{PASSWORD}")
    for name in ("{CUSTOMER}", "Somebody Else"):
        given = [Given("name", "user.name", name),
                 Given("email", "user.contact.email", name.replace(" ", ".") + "@mail.example"),
                 Given("message", "user.content.private", "Hello")]
        with transaction.atomic(), collect(actor=Actor.visitor(), touchpoint="forms.contact",
                                           data=[one.category for one in given]) as collecting:
            collecting.hold(collecting.person(given), given)
    run(Organisation.objects.get(), Wanted(without=("crawl", "proofs", "audit")))
sequence()
"""


@pytest.fixture(scope="module")
def console_site(make_installation: Callable[..., Installation]) -> Iterator[Site]:
    """A site with an owner who has not promised confidentiality yet, and two customers."""
    made = make_installation()
    environment = made.variables() | {"DJANGO_SETTINGS_MODULE": "troth.hub.settings"}
    subprocess.run([sys.executable, "-c", MAKE], env=environment, check=True)
    with served(made, "web", "worker") as site:
        yield site


def log_in(page: Page, site: Site, *, scripts: bool = True) -> None:
    """As the owner, who promises what everybody does at first.

    Without `scripts` axe is left out: it is one, and would be waited for without end.
    """
    page.goto(f"{site.url}/console/")
    page.locator("input[name=name]").fill(ADDRESS)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/console/**")
    if page.url.endswith("/undertaking"):
        assert not (scripts and axe(page))
        page.get_by_label("I promise to keep").check()
        page.get_by_role("button", name="Promise and start").click()
        page.wait_for_url("**/console/")


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


@pytest.mark.xdist_group("console")
def test_the_keyboard_alone_goes_from_the_list_to_a_value(console_site: Site, page: Page) -> None:
    log_in(page, console_site)
    keys(page, "g", "p")
    page.wait_for_url("**/console/people")
    keys(page, "j", "Enter")
    page.wait_for_url("**/console/people/*")
    main = page.locator("#main")
    expect(main.get_by_role("img", name="sealed: Name")).to_be_visible()
    expect(page.locator("[data-walk] [aria-current]")).to_have_count(1)
    assert not axe(page)
    keys(page, "v")
    page.locator("select#purpose").select_option("support")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    expect(page.locator("#main .value").first).to_be_visible()
    assert not axe(page)
    keys(page, "e")
    page.wait_for_url("**/console/people")
    keys(page, "/")
    page.keyboard.type(CUSTOMER.lower())
    keys(page, "Enter")
    expect(page.locator("#main .value").first).to_have_text(CUSTOMER)
    keys(page, "g", "l")
    page.wait_for_url("**/console/ledger")
    keys(page, "?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


PAGES = [
    *("", "people", "people/find", "people/export", "policy", "policy/picture", "policy/compare"),
    *("policy/new?from=current", "ledger", "ledger/proof", "settings", "settings/roles/new"),
    *("settings/staff", "settings/staff/invite", "retention", "retention/holds", "assessments/"),
    *("recipients/", "recipients/of/prize-giver"),
    *("cases/", "cases/new", "cases/?state=second"),
]


@pytest.mark.xdist_group("console")
def test_every_page_is_for_everybody_also_on_a_phone(
    console_site: Site, new_page: Callable[..., Page]
) -> None:
    page = new_page(has_touch=True)
    log_in(page, console_site)
    for path in PAGES:
        page.goto(f"{console_site.url}/console/{path}")
        assert not for_everybody(page), path


@pytest.mark.xdist_group("console")
def test_a_case_is_for_everybody(console_site: Site, new_page: Callable[..., Page]) -> None:
    page = new_page(has_touch=True)
    log_in(page, console_site)
    page.goto(f"{console_site.url}/console/cases/new/7.7")
    page.get_by_label("Why it is valid").fill("The registry confirmed it.")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_label("Why it is valid")).to_have_value("The registry confirmed it.")
    assert not for_everybody(page)
    page.get_by_label("Court order").check()
    page.get_by_label("Which authority").fill("Harbour District Court")
    page.locator("[name=categories]").first.check()
    soon = datetime.now(UTC) + timedelta(days=9)
    page.get_by_label("The case ends on").fill(f"{soon:%Y-%m-%d}")
    page.get_by_role("button", name="Open the case").click()
    expect(page.locator("#main, main").first).to_contain_text("Still missing")
    assert not for_everybody(page)


@pytest.mark.xdist_group("console")
def test_verifying_swaps_the_answer_in(console_site: Site, page: Page) -> None:
    log_in(page, console_site)
    page.goto(f"{console_site.url}/console/ledger/proof")
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_role("status").filter(has_text="The ledger holds")).to_be_visible()
    assert not axe(page)


@pytest.mark.xdist_group("console")
def test_all_works_without_javascript(console_site: Site, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    log_in(page, console_site, scripts=False)
    page.goto(f"{console_site.url}/console/people/find")
    page.locator("#find-q").fill(CUSTOMER)
    if page.locator("#find-purpose").count():
        page.locator("#find-purpose").select_option("support")
    page.locator(".find button").click()
    expect(page.locator("#main .value").first).to_have_text(CUSTOMER)
    page.goto(f"{console_site.url}/console/ledger/proof")
    page.get_by_role("button", name="Verify now").click()
    expect(page.locator("body")).to_contain_text("The ledger holds")
