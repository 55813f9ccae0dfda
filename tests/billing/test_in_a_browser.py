"""Buying through a real browser: a product, the checkout, the card, the order; axe on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from proofs.company import PASSWORD, Company, opened
from proofs.customers import Customer
from proofs.selling import Shop, open_shop
from support.browser import for_everybody
from support.installations import Installation
from support.seeded import Seed

OWNER = Seed.new()


@pytest.fixture(scope="module")
def company(make_installation: Callable[..., Installation]) -> Iterator[Company]:
    with opened(make_installation(company="comm100"), parts=("web", "worker")) as found:
        owner = found.new_staff("Owner", seed=OWNER)
        assert "No order here" in owner.get("/console/orders/").words
        assert "No invoice yet" in owner.get("/console/invoices/").words
        assert "Nothing is sold yet" in owner.get("/console/products/").words
        assert "Nothing is for sale now" in found.reader().get("/shop/").words
        assert "Shop" not in found.reader().get("/").words
        yield found


@pytest.fixture(scope="module")
def shop(company: Company) -> Iterator[Shop]:
    with ExitStack() as stack:
        yield open_shop(stack, company)


def sound(page: Page) -> None:
    assert not for_everybody(page), page.url


def buy(shop: Shop, visitor: Page, *, on_the_way: bool = True) -> None:
    """From the front page to the page of the paid order."""
    visitor.goto(f"{shop.company.site.url}/")
    visitor.get_by_role("link", name="Shop").first.click()
    check = sound if on_the_way else lambda _: None
    check(visitor)
    visitor.get_by_role("link", name="Basic plan").click()
    check(visitor)
    visitor.get_by_role("link", name="Order it").click()
    visitor.get_by_role("button", name="Order and pay").click()
    expect(visitor.get_by_text("This field is required").first).to_be_visible()
    check(visitor)
    visitor.get_by_label("Name on the invoice").fill("Ada Example")
    visitor.get_by_label("mail", exact=False).first.fill("ada@people.example")
    visitor.get_by_label("Billing address").fill("1 Road\nTown")
    visitor.get_by_role("button", name="Order and pay").click()
    expect(visitor.get_by_text("no money moves")).to_be_visible()
    assert visitor.url.startswith(shop.till.origin), "the browser went where the page lets it"
    visitor.get_by_label("Card number").fill("4242 4242 4242 4242")
    visitor.get_by_label("Month and year").fill("12/34")
    visitor.get_by_role("button", name="Pay").click()
    expect(visitor.get_by_text("Paid", exact=True)).to_be_visible()


def test_something_is_bought_and_the_staff_deal_with_it(
    shop: Shop, page: Page, browser: Browser
) -> None:
    visitor = browser.new_page()
    buy(shop, visitor)
    sound(visitor)
    visitor.goto(shop.company.site.url + shop.company.link("ada@people.example", "/orders/"))
    sound(visitor)
    visitor.get_by_role("main").get_by_role("link", name="Invoice").click()
    expect(visitor.get_by_text("Ada Example")).to_be_visible()
    sound(visitor)
    visitor.close()

    page.goto(f"{shop.company.site.url}/console/orders/")
    page.locator("input[name=name]").fill(OWNER.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/console/orders/")
    sound(page)
    page.get_by_role("main").get_by_role("link", name="Order 1001").click()
    sound(page)
    page.get_by_role("button", name="It is fulfilled").click()
    expect(page.get_by_role("button", name="It is fulfilled")).to_have_count(0)
    page.get_by_role("main").get_by_role("link", name="Invoice").last.click()
    sound(page)
    for path in ("invoices/", "products/", "products/basic-plan", "products/new", "payments"):
        page.goto(f"{shop.company.site.url}/console/{path}")
        sound(page)
    page.goto(f"{shop.company.site.url}/console/products/new")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This field is required").first).to_be_visible()
    sound(page)


def test_a_customer_finds_their_orders_in_their_account(shop: Shop) -> None:
    customer = Customer.with_account(shop.company)
    assert "No order yet" in customer.reader.get("/account/orders/").words
    shop.pay(shop.order(customer.seed, customer.reader), customer.reader)
    page = customer.reader.get("/account/orders/")
    assert "Paid" in page.words
    [path] = page.links("/account/orders/")[-1:]
    order = customer.reader.get(path)
    assert "Basic plan" in order.words
    other = Customer.with_account(shop.company)
    assert other.reader.get(path).status == 404, "it is nobody else's"
