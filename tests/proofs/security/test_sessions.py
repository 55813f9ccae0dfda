"""The key of a session is random, changes with each log-in, and cannot be planted."""

from __future__ import annotations

import re
from http.cookiejar import Cookie

import pytest

from proofs.company import Company, submit
from proofs.customers import Customer, is_in
from support.reader import Reader

NAME = "troth_session"


def key(reader: Reader) -> str:
    """The session key a browser holds."""
    return next((str(one.value) for one in reader.cookies if one.name == NAME), "")


def holding(company: Company, value: str) -> Reader:
    """A browser into which somebody put this key."""
    reader = company.reader()
    reader.cookies.set_cookie(
        Cookie(
            *(0, NAME, value, None, False, "127.0.0.1", False, False, "/", True, False),
            *(None, True, None, None, {}),
        )
    )
    return reader


@pytest.mark.clause("comm100-63")
def test_the_key_is_new_at_each_log_in_and_the_old_one_opens_nothing(company: Company) -> None:
    customer = Customer.with_account(company)
    keys = [key(customer.reader)]
    for _ in range(3):
        customer.log_in(customer.reader)
        assert is_in(customer.reader)
        keys.append(key(customer.reader))
    assert len(set(keys)) == 4, "it changes where somebody logs in again"
    for old in keys[:-1]:
        assert not is_in(holding(company, old))
    assert is_in(holding(company, keys[-1]))
    stored = company.rows("SELECT count(*) FROM django_session WHERE session_key = ?", keys[0])
    assert stored == [(0,)]


@pytest.mark.clause("comm100-63")
def test_a_key_that_was_planted_is_not_kept(company: Company) -> None:
    thief, victim = Customer.with_account(company), Customer.with_account(company)
    for planted in ("a" * 32, key(thief.reader)):
        browser = holding(company, planted)
        victim.log_in(browser)
        assert is_in(browser)
        assert key(browser) != planted
        with_it = holding(company, planted)
        assert victim.seed.name not in with_it.get("/account/profile/").text
    assert victim.seed.name in browser.get("/account/profile/").text


@pytest.mark.clause("comm100-63")
def test_the_key_cannot_be_guessed(company: Company) -> None:
    customers = [Customer.with_account(company) for _ in range(2)]
    for customer in customers:
        found = key(customer.reader)
        assert re.fullmatch(r"[0-9a-z]{32,}", found), "some 165 bits, and nothing of the person"
        changed = found[:-1] + ("a" if found[-1] != "a" else "b")
        assert not is_in(holding(company, changed))
    one, other = (key(customer.reader) for customer in customers)
    same = sum(a == b for a, b in zip(one, other, strict=True))
    assert same < 12, "of two keys hardly a character is the same"
    page = submit(customers[0].reader, customers[0].reader.get("/account/"), to="logout")
    assert page.status == 200
    assert not is_in(holding(company, one))
