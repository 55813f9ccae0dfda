"""Accounts of one organisation among several on an installation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page as Browser, expect

from proofs.company import PASSWORD, submit, text_of
from proofs.conftest import Hosting
from proofs.customers import LOG_IN, PASSWORD as CHOSEN, Customer, is_in, look_up
from support.seeded import Seed

REFUSED = 422


@pytest.mark.clause("comm100-51")
def test_who_logs_in_at_their_site_corrects_their_profile(hosting: Hosting, page: Browser) -> None:
    customer = Customer.with_account(hosting.host)
    wrong = Customer(hosting.client, hosting.client.reader(), customer.seed)
    assert wrong.log_in(wrong.reader).status == REFUSED, "the site is part of the log-in"
    page.goto(hosting.host.site.url + LOG_IN)
    page.get_by_label("E-mail address").fill(customer.seed.email)
    page.get_by_label("Password").fill(CHOSEN)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Profile").first.click()
    corrected = Seed.new()
    page.get_by_label("Your name").fill(corrected.name)
    page.get_by_label("Phone number").fill("+1 604 555 0147")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is corrected")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value(corrected.name)
    told = " ".join(text_of(hosting.host.mails(customer.seed.email, "has changed")[0]).split())
    assert "Your name" in told
    assert "Phone number" in told
    # What the staff read from now on is what the person wrote.
    staff = hosting.host.staff()
    found = look_up(staff, customer.seed.email, purpose="support")
    assert corrected.name in found.words


@pytest.mark.clause("comm100-18")
def test_an_operator_is_invited_and_sees_their_own_organisation(hosting: Hosting) -> None:
    host, client = hosting.host, hosting.client
    owner, operator = client.staff(), Seed.new()
    page = owner.get("/console/settings/staff/invite")
    role = re.search(r'<option value="([^"]+)"[^>]*>\s*Agent', page.text)
    assert role
    submit(owner, page, "email", name=operator.name, email=operator.email, role=role[1])
    link = client.link(operator.email, "/account/invitation/")
    reader = client.reader()
    submit(reader, reader.get(link), "password", password=PASSWORD)
    if not is_in(reader):
        client.log_in(reader, operator.email)
    submit(reader, reader.get("/console/undertaking"), to="undertaking", promise="on")
    ours, theirs = Seed.new(), Seed.new()
    for company, seed in ((client, ours), (host, theirs)):
        company.send(
            *(company.reader(), "contact"), name=seed.name, email=seed.email, message=seed.message
        )
    assert ours.name in look_up(reader, ours.email, purpose="support").words
    nobody = look_up(reader, theirs.email, purpose="support")
    assert "Nobody found" in nobody.words
    other = look_up(host.staff(), theirs.email, purpose="support")
    assert theirs.name in other.words
    path = other.url.removeprefix(host.site.url)
    assert reader.get(path).status == 404
    assert reader.get("/console/people").text.count("/console/people/") > 0
    # The address names them at their own organisation alone.
    there = host.reader()
    page = there.get(LOG_IN)
    assert submit(there, page, "password", name=operator.email, password=PASSWORD).status == REFUSED
