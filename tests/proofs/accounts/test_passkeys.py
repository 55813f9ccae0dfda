"""A passkey in a real browser, with an authenticator that Chromium itself plays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from proofs.company import Company
from proofs.customers import Customer
from support.browser import for_everybody

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def device(page: Page) -> tuple[Any, str]:
    """Give the page a device with a screen lock, in the place of a person's own."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, made["authenticatorId"]


def fill_in(page: Page, customer: Customer) -> None:
    page.get_by_label("E-mail address").fill(customer.seed.email)
    page.get_by_label("Password").fill(customer.password)
    page.get_by_role("button", name="Log in", exact=True).click()


@pytest.mark.clause("comm100-59")
def test_a_passkey_is_added_and_logs_in(company: Company, new_page: Callable[..., Page]) -> None:
    customer = Customer.with_account(company)
    site = company.site.url.replace("127.0.0.1", "localhost")
    page = new_page()
    session, authenticator = device(page)
    page.goto(f"{site}/account/passkeys/")
    fill_in(page, customer)
    page.get_by_label("Name of the passkey").fill("My laptop")
    page.get_by_label("Password").fill("not the one")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="not your password")).to_be_visible()
    page.get_by_label("Password").fill(customer.password)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("listitem").filter(has_text="-").first).to_be_visible()
    page.goto(f"{site}/account/passkeys/")
    expect(page.get_by_role("cell", name="My laptop", exact=True)).to_be_visible()
    assert for_everybody(page) == []
    assert company.mails(customer.seed.email, "A passkey was added")

    # Beside the password: without it the password alone opens nothing.
    page.context.clear_cookies()
    page.goto(f"{site}/account/login/")
    known = {"authenticatorId": authenticator}
    # Nothing is offered where the address is typed by a device that has not made sure of its owner.
    session.send("WebAuthn.setUserVerified", known | {"isUserVerified": False})
    fill_in(page, customer)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    session.send("WebAuthn.setUserVerified", known | {"isUserVerified": True})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()

    # Alone, once the device has made sure of its owner; not where it has not.
    page.context.clear_cookies()
    session.send("WebAuthn.setUserVerified", known | {"isUserVerified": False})
    page.goto(f"{site}/account/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="No passkey was used")).to_be_visible()
    session.send("WebAuthn.setUserVerified", known | {"isUserVerified": True})
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()

    # Offered where the address is typed: this device takes the offer as soon as it comes.
    page.context.clear_cookies()
    page.goto(f"{site}/account/login/")
    page.get_by_label("E-mail address").focus()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
