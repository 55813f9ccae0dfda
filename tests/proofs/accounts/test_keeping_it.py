"""An account that stays its owner's: strangers are noticed, changes confirmed, sessions end."""

from __future__ import annotations

import re
from base64 import b32decode
from urllib.parse import urlsplit

import pytest
from django_otp.oath import totp

from proofs.company import Company, submit, text_of
from proofs.customers import ADDRESS, PASSWORD, REGISTER, Customer, is_in
from support.reader import Reader
from support.seeded import Seed, assert_nowhere

REFUSED = 422
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "nine herons on one leg"
MINUTES = 1 / 24 / 60


def stranger_of(company: Company, customer: Customer) -> Reader:
    """Somebody else who knows the password, at a device that was not seen before."""
    stranger = company.reader(**{"User-Agent": FIREFOX})
    customer.log_in(stranger)
    assert is_in(stranger)
    return stranger


@pytest.mark.clause("comantra-36")
def test_this_was_not_me_locks_the_account_and_is_looked_into(company: Company) -> None:
    customer = Customer.with_account(company)
    stranger = stranger_of(company, customer)
    link = company.link(customer.seed.email, "/account/not-me/")
    somebody = company.reader()
    page = somebody.get(link)
    assert is_in(stranger), "looking at the link changed something"
    assert "The account is locked" in submit(somebody, page, to="not-me").words
    assert not is_in(stranger)
    assert not is_in(customer.reader)
    assert customer.log_in(company.reader()).status == REFUSED
    incidents = company.staff().get("/console/settings/incidents")
    [(ref,)] = company.rows(
        "SELECT p.ref FROM accounts_incident i JOIN accounts_user u ON u.id = i.user_id"
        " JOIN people_person p ON p.id = u.person_id ORDER BY i.opened_at DESC LIMIT 1"
    )
    assert f"/console/people/{ref}" in incidents.text
    assert "locked" in incidents.words
    assert company.mails(customer.seed.email, "opened an incident")
    # The person gets back in, and nobody else does.
    asked = company.reader()
    submit(asked, asked.get("/account/reset/"), "address", address=customer.seed.email)
    company.mails(customer.seed.email, "A link to set a new password")
    reset = company.link(customer.seed.email, "/account/reset/M")
    submit(asked, asked.get(reset), "password", password=NEW)
    again = company.reader()
    customer.log_in(again, password=NEW)
    assert is_in(again)


@pytest.mark.clause("comantra-37")
def test_a_new_device_is_told_of_and_can_be_thrown_out(company: Company) -> None:
    customer = Customer.with_account(company)
    phone = company.reader()  # of the same kind and from the same network as the first
    customer.log_in(phone)
    stranger = stranger_of(company, customer)
    told = company.mails(customer.seed.email, "A new device has logged in")
    assert len(told) == 1, "of the stranger, and of nothing known"
    page = customer.reader.get("/account/sessions/")
    assert page.words.count("Firefox on Windows") == 1 + 1  # its row, and the name of its button
    row = next(row for row in page.text.split("<tr>") if "Firefox on Windows" in row)
    end = re.search(r'action="([^"]+/end/)"', row)
    assert end
    submit(customer.reader, page, to=end[1])
    assert not is_in(stranger)
    assert is_in(phone)
    submit(customer.reader, customer.reader.get("/account/sessions/"), to="others/end")
    assert not is_in(phone)
    assert is_in(customer.reader)


@pytest.mark.clause("comantra-38")
def test_billing_and_shipping_are_kept_up_to_date(company: Company) -> None:
    customer = Customer.with_account(company)
    reader, path = customer.reader, "/account/profile/"
    before, after = f"1 Old Row, {customer.seed.name}", f"2 New Row, {customer.seed.name}"
    first = submit(
        *(reader, reader.get(path), "billing-address"), billing_address=before,
        shipping_address=ADDRESS,
    )  # fmt: skip
    assert "Your profile is corrected" in first.words
    submit(reader, reader.get(path), "billing-address", billing_address=after)
    shown = reader.get(path)
    assert after in shown.words
    assert before not in shown.words
    assert ADDRESS in shown.words
    held = reader.get("/account/my-data/")
    rows = {row.partition("</tr>")[0] for row in held.text.split("<tr>")}
    [old] = [row for row in rows if before in row]
    [now] = [row for row in rows if after in row]
    assert "earlier" in old
    assert "earlier" not in now
    assert "You changed your" in held.words
    [mail] = company.mails(customer.seed.email, "Delivery address")
    assert "Billing address" in text_of(mail)
    assert before not in text_of(mail)
    assert_nowhere([before, after], company.site.home)


@pytest.mark.clause("comantra-39")
def test_a_change_of_address_is_told_to_both(company: Company) -> None:
    customer, new = Customer.with_account(company), Seed.new()
    reader, old = customer.reader, customer.seed
    page = reader.get("/account/address/")
    submit(reader, page, "address", address=new.email, password=PASSWORD)
    link = company.link(new.email, "/account/address/confirm/")
    assert company.mails(old.email, "A new address was asked for")
    elsewhere = company.reader()
    assert customer.log_in(elsewhere, name=new.email).status == REFUSED, "before it was confirmed"
    submit(reader, reader.get(link), to="address/confirm")
    for address in (old.email, new.email):
        [mail] = company.mails(address, "The address of your account has changed")
        assert "choices" in text_of(mail)
    customer.log_in(elsewhere, name=new.email)
    assert is_in(elsewhere)
    assert customer.log_in(company.reader(), name=old.email).status == REFUSED


@pytest.mark.clause("comantra-42")
def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(company: Company) -> None:
    customer = Customer.with_account(company)
    address, asked = customer.seed.email, company.reader()
    unknown, nobody = asked.get("/account/reset/"), Seed.new().email
    said = [submit(asked, unknown, "address", address=one).words for one in (nobody, address)]
    assert said[0] == said[1], "it tells whether an address is known"
    [mail] = company.mails(address, "A link to set a new password")
    assert customer.password not in mail.raw.decode()
    link = company.link(address, "/account/reset/M")
    with company.later(61 * MINUTES) as later:
        late = later.reader().get(link)
        assert "This link does not work" in late.words or "too old" in late.words
    done = submit(asked, asked.get(link), "password", password=NEW)
    assert done.status == 200
    again = company.reader().get(link)
    assert 'name="password"' not in again.text
    assert customer.log_in(company.reader()).status == REFUSED
    customer.log_in(customer.reader, password=NEW)
    assert is_in(customer.reader)
    assert_nowhere([customer.password, NEW], company.site.home)


@pytest.mark.clause("comindware-19")
def test_signing_off_ends_every_session_and_so_does_half_an_hour_of_rest(
    company: Company,
) -> None:
    customer = Customer.with_account(company)
    others = [company.reader(), company.reader()]
    for one in others:
        customer.log_in(one)
    submit(others[0], others[0].get("/account/security/"), "everywhere", everywhere="")
    assert not is_in(others[0])
    assert is_in(others[1]), "it was asked to end one session"
    assert is_in(customer.reader)
    customer.log_in(others[0])
    page = others[0].get("/account/security/")
    submit(others[0], page, "everywhere", everywhere="1")
    assert not any(is_in(one) for one in (*others, customer.reader))
    # Left alone, a session ends by itself; one begun at that time goes on.
    for one in others:
        customer.log_in(one)
        assert is_in(one)
    with company.later(31 * MINUTES) as later:
        rested = Reader(later.site.url, others[0].cookies, others[0].headers)
        fresh = Customer(later, later.reader(), customer.seed)
        fresh.log_in(fresh.reader)
        assert is_in(fresh.reader)
        assert not is_in(rested)
    assert is_in(others[1])
    assert customer.log_in(company.reader(), password="not the one").status == REFUSED


@pytest.mark.clause("comm100-59")
def test_advice_stands_by_the_password_and_a_second_factor_is_there(company: Company) -> None:
    advice = "keep your log-in name and password to yourself"
    customer = Customer.with_account(company)
    reader = customer.reader
    for path in (REGISTER, "/account/password/", "/account/security/"):
        assert advice in reader.get(path).words
    page = reader.get("/account/second-factor/")
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert shown
    secret = b32decode(shown[1].replace(" ", ""))
    codes = submit(reader, page, "code", code=f"{totp(secret, drift=-1):06}")
    [recovery, *_] = re.findall(r"<li>(\w{5}-\w{5})</li>", codes.text)
    thief, owner = company.reader(), company.reader()
    assert urlsplit(customer.log_in(thief).url).path == "/account/login/code/"
    assert not is_in(thief), "the password alone was enough"
    submit(thief, thief.get("/account/login/code/"), "code", code="000000")
    assert not is_in(thief)
    page = customer.log_in(owner)
    submit(owner, page, "code", code=f"{totp(secret):06}")
    assert is_in(owner)
    lost = company.reader()
    submit(lost, customer.log_in(lost), "code", code=recovery)
    assert is_in(lost)
