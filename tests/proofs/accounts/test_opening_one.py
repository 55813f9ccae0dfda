"""Opening an account, and what is said while one does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page as Browser, expect

from proofs.company import Company, submit, text_of
from proofs.customers import ADDRESS, LOG_IN, PASSWORD, REGISTER, Customer, is_in
from support.pages import form
from support.seeded import assert_nowhere

REFUSED = 422
WRONG = {
    "name": "", "username": "", "email": "not an address", "phone": "ring me", "password": "short",
    "age": "",
}  # fmt: skip


@pytest.mark.parametrize("field", WRONG)
@pytest.mark.clause("comantra-34")
def test_what_is_missing_or_amiss_is_said_at_the_field(company: Company, field: str) -> None:
    before = company.rows("SELECT count(*) FROM people_element")
    answer = Customer.new(company).register(**{field: WRONG[field]})
    assert answer.status == REFUSED
    wrong = {
        found[1]
        for tag in re.findall(r"<(?:input|textarea|select|fieldset)[^>]*>", answer.text)
        if 'aria-invalid="true"' in tag
        if (found := re.search(r'(?:name|id)="(?:id_)?([\w-]+)"', tag))
    }
    assert {one.removesuffix("_0") for one in wrong} == {field}
    assert company.rows("SELECT count(*) FROM people_element") == before


@pytest.mark.clause("comantra-34", "comm100-12")
def test_complete_and_in_order_it_opens(company: Company) -> None:
    customer = Customer.with_account(company)
    page = customer.reader.get("/account/my-data/")
    for name in ("name", "email"):
        assert customer.values()[name] in page.words
    assert not is_in(company.reader())


@pytest.mark.clause("comm100-12")
def test_who_downloads_registers_or_becomes_a_partner_is_asked_their_own(
    company: Company,
) -> None:
    paths = {
        "download": "/forms/download", "partner": "/forms/partner", "register": REGISTER,
    }  # fmt: skip
    reader = company.reader()
    names = {kind: form(reader.get(path), "email").names() for kind, path in paths.items()}
    shared = {"name", "email", "website", "company-address", "staff", "industry"}
    assert all(shared <= asked for asked in names.values())
    assert {"phone", "message"} <= names["partner"]
    assert not {"phone", "message", "password"} & names["download"]
    assert "password" in names["register"]
    assert not {"phone", "message"} & names["register"]
    for kind, path in paths.items():
        customer = Customer.new(company)
        page = customer.reader.get(path)
        given = {k: v for k, v in customer.values().items() if k in form(page, "email").names()}
        assert submit(customer.reader, page, "email", **given).status == 200
        at = "accounts.register" if kind == "register" else f"forms.{kind}"
        stored = company.rows(
            "SELECT name FROM people_element WHERE touchpoint = ? AND person_id ="
            " (SELECT id FROM people_person ORDER BY created_at DESC LIMIT 1)",
            at,
        )
        assert {one for (one,) in stored} == given.keys() - {"password", "age"}


@pytest.mark.clause("comantra-35")
def test_name_and_password_are_chosen_and_log_in(company: Company, page: Browser) -> None:
    customer = Customer.new(company)
    page.goto(company.site.url + REGISTER)
    page.get_by_label("Your name").fill(customer.seed.name)
    page.get_by_label("E-mail address").fill(customer.seed.email)
    page.get_by_label("User name").fill(customer.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    page.goto(company.site.url + company.link(customer.seed.email, "/account/confirm/"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm and log in").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.goto(f"{company.site.url}/account/security/")
    page.get_by_role("button", name="Log out everywhere").click()
    page.goto(company.site.url + LOG_IN)
    page.get_by_label("E-mail address or user name").fill(customer.username)
    page.get_by_label("Password").fill("not the one I chose")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("do not belong together")).to_be_visible()
    page.get_by_label("E-mail address or user name").fill(customer.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    [(kept,)] = company.rows("SELECT password FROM accounts_user ORDER BY created_at DESC LIMIT 1")
    memory = re.match(r"argon2\$argon2id\$v=19\$m=(\d+),t=\d+,p=\d+\$", kept)
    assert memory, kept
    assert int(memory[1]) >= 64 * 1024, "KiB"
    assert_nowhere([PASSWORD, customer.username], company.site.home)


@pytest.mark.clause("comantra-43")
def test_beside_the_address_stands_who_may_read_it(company: Company) -> None:
    reader = company.reader()
    for page, name in (
        (reader.get(REGISTER), "email"),
        (Customer.with_account(company).reader.get("/account/address/"), "address"),
    ):
        assert "Please give an address that only you read" in page.words
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.text)
        assert field
    page = reader.get(REGISTER)
    field = re.search(r'<input[^>]*name="email"[^>]*>', page.text)
    assert field
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described
    beside = [page.text.partition(f'id="{one}">')[2].partition("<")[0] for one in
              described[1].split()]  # fmt: skip
    assert "an address that only you can read" in " ".join(beside)


@pytest.mark.clause("comantra-39")
def test_a_new_account_is_confirmed_with_what_was_chosen(company: Company) -> None:
    customer = Customer.with_account(company, no_offers="on", yes_newsletter="on", address=ADDRESS)
    [mail] = company.mails(customer.seed.email, "Your account is open")
    told = " ".join(text_of(mail).split())
    assert "Our newsletter: yes" in told.replace("*", "")
    assert "Promotions and new products: no" in told.replace("*", "")
    assert customer.seed.name not in told
    assert ADDRESS not in told
