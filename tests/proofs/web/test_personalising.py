"""A site that knows somebody again: only where they let it, and only as long as they do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from proofs.company import Company
from proofs.customers import Customer
from proofs.visiting import FIREFOX, answer, cookie, report, visitor
from support.pages import submit
from support.reader import Reader
from support.seeded import Seed


def next_visit(reader: Reader) -> Reader:
    """The same browser after it was closed: cookies for the session are gone."""
    again = Reader(reader.base, headers=dict(reader.headers))
    for one in reader.cookies:
        if not one.discard:
            again.cookies.set_cookie(one)
    return again


def turn(customer: Customer, purpose: str, *, on: bool) -> None:
    """Use the switch on the page of choices in the account."""
    page = customer.reader.get("/account/choices/")
    ticked = (page.ticked() | {purpose}) if on else (page.ticked() - {purpose})
    fields = [("shown", one) for one in page.inputs("shown")] + [("on", one) for one in ticked]
    sent = [("csrfmiddlewaretoken", page.inputs("csrfmiddlewaretoken")[0])]
    version = ("version", page.inputs("version")[0])
    assert "Saved" in customer.reader.post("/account/choices/", [*sent, version, *fields]).words


@pytest.mark.clause("comm100-26")
def test_somebody_who_comes_back_is_greeted_until_they_switch_it_off(company: Company) -> None:
    customer = Customer(company, visitor(company, agent=FIREFOX))
    customer.register()
    answer(customer.reader, "all")
    report(customer.reader, "/policy")
    customer.confirm()
    words = f"Welcome back, {customer.seed.name}."
    again = next_visit(customer.reader)
    assert "/account/login/" in again.get("/account/").url, "nobody is logged in any more"
    assert words in again.get("/").words
    assert words not in visitor(company, yes=True).get("/").words, "nor is anybody else"
    turn(customer, "personalisation", on=False)
    assert words not in again.get("/").words
    turn(customer, "personalisation", on=True)
    assert words in again.get("/").words
    answer(again, "necessary")
    assert words not in again.get("/").words, "and without its cookie the browser is nobody's"


@pytest.mark.clause("comm100-26")
def test_whoever_logs_out_is_not_greeted_for_the_next_at_that_browser(company: Company) -> None:
    customer = Customer(company, visitor(company, agent=FIREFOX))
    customer.register()
    answer(customer.reader, "all")
    report(customer.reader, "/policy")
    customer.confirm()
    assert cookie(customer.reader)
    home = customer.reader.get("/account/")
    submit(customer.reader, home, to="logout")
    assert not cookie(customer.reader)
    words = f"Welcome back, {customer.seed.name}."
    assert words not in next_visit(customer.reader).get("/").words


@pytest.mark.clause("comantra-30")
def test_what_is_set_up_is_there_on_the_next_visit_and_by_mail_if_allowed(
    company: Company, page: Page, new_page: Callable[..., Page]
) -> None:
    seed = Seed.new()
    reader = company.reader()
    company.send(reader, "contact", name=seed.name, email=seed.email, message=seed.message)
    link = company.site.url + company.link(seed.email, "/preferences/")
    root = page.locator("html")
    page.goto(company.site.url)
    page.get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("region", name="Cookies")).to_have_count(0)
    with page.expect_response("**/cookies/arrangement"):
        page.get_by_role("button", name="Colours").click()
    state = page.context.storage_state()
    kept = [one for one in state["cookies"] if one.get("expires", -1) != -1]
    assert "troth_preferences" in {one.get("name") for one in kept}
    later = new_page(storage_state={"cookies": kept, "origins": []})
    later.goto(company.site.url)
    expect(later.locator("html")).to_have_attribute("data-theme", "light")
    from_mail = later.context.new_page()
    from_mail.goto(link)
    expect(from_mail.locator("html")).to_have_attribute("data-theme", "light")
    refuser = new_page()
    refuser.goto(company.site.url)
    refuser.get_by_role("button", name="Only necessary").click()
    expect(refuser.get_by_role("region", name="Cookies")).to_have_count(0)
    refuser.get_by_role("button", name="Colours").click()
    expect(refuser.locator("html")).to_have_attribute("data-theme", "light")
    after = refuser.context.new_page()
    after.goto(link)
    expect(after.locator("html")).not_to_have_attribute("data-theme", "light")
    names = {one.get("name") for one in refuser.context.cookies()}
    assert names == {"troth_cookies"}, "the link of the mail set nothing"
    assert root.get_attribute("data-theme") == "light"
