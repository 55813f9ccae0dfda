from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.conftest import Post
from accounts.customers import Customer, is_in, words
from support.seeded import Seed
from troth.channels.accounts.models import Correction, User
from troth.core.people.models import Element

PHONE = "+1 604-555-0147"


def saved(customer: Customer, **changes: str) -> int:
    form = {"name": customer.seed.name, "website": customer.seed.website} | changes
    return int(customer.browser.post("/account/profile/", form).status_code)


@pytest.mark.clause("comm100-51", "comantra-38")
def test_a_correction_counts_and_the_history_stays(ada: Customer, post: Post) -> None:
    assert saved(ada, name="Ada Corrected", phone=PHONE) == 302
    page = ada.browser.get("/account/profile/").content.decode()
    assert 'value="Ada Corrected"' in page
    assert PHONE in page
    assert Element.objects.filter(name="name").count() == 2
    assert "earlier" in words(ada.browser.get("/account/my-data/"))


@pytest.mark.clause("comantra-38", "comantra-39")
def test_a_correction_is_confirmed_by_mail_without_values(ada: Customer, post: Post) -> None:
    saved(ada, name="Ada Corrected", phone=PHONE)
    (mail,) = post()
    assert mail.to == ada.seed.email
    assert "Your name" in mail.text
    assert "Phone number" in mail.text
    assert "Ada Corrected" not in mail.subject + mail.text
    assert "555" not in mail.text


def test_saving_what_is_there_changes_nothing(ada: Customer, post: Post) -> None:
    count = Element.objects.count()
    assert saved(ada) == 302
    assert (Element.objects.count(), post()) == (count, [])


def test_what_is_emptied_is_no_longer_held(ada: Customer) -> None:
    saved(ada, phone=PHONE)
    saved(ada, phone="")
    assert not Element.objects.filter(category="user.contact.phone_number").exists()
    assert Correction.objects.count() == 3


@pytest.mark.parametrize("name", ["email", "password", "no-newsletter", "user"])
def test_what_the_form_does_not_have_is_refused(ada: Customer, name: str) -> None:
    assert saved(ada, **{name: "x"}) == 422
    assert Correction.objects.count() == 1


def change(customer: Customer, to: str, password: str = "") -> int:
    sent = {"address": to, "password": password or customer.password}
    return int(customer.browser.post("/account/address/", sent).status_code)


@pytest.mark.clause("comantra-39")
def test_a_new_address_counts_once_its_link_was_opened(ada: Customer, post: Post) -> None:
    new = Seed.new().email
    assert change(ada, new) == 302
    asked, told = sorted(post(), key=lambda mail: mail.to != new)
    assert (asked.to, told.to) == (new, ada.seed.email)
    assert ada.log_in(Client(), name=new).status_code == 422
    browser = Client()
    browser.get(asked.link("address/confirm"))
    assert ada.log_in(Client(), name=new).status_code == 422, "opening alone changed it"
    assert browser.post("/account/address/confirm/").status_code == 200
    assert {mail.to for mail in post()} == {new, ada.seed.email}
    assert ada.log_in(Client(), name=new).status_code == 302
    assert ada.log_in(Client()).status_code == 422
    assert Element.objects.filter(category="user.contact.email").count() == 2


def test_the_old_address_can_put_it_back(ada: Customer, post: Post) -> None:
    new = Seed.new().email
    change(ada, new)
    asked, told = sorted(post(), key=lambda mail: mail.to != new)
    browser = Client()
    browser.get(asked.link("address/confirm"))
    browser.post("/account/address/confirm/")
    post()
    assert "The account is locked" in words(Client().post(told.link("not-me")))
    assert not is_in(ada.browser)
    Client().post("/account/reset/", {"address": ada.seed.email})
    assert {mail.to for mail in post()} == {ada.seed.email}
    assert User.objects.get().address is not None


def test_a_new_address_needs_the_password(ada: Customer, post: Post) -> None:
    assert change(ada, Seed.new().email, "a wrong guess") == 422
    assert post() == []


def test_an_address_of_another_account_is_not_taken(
    ada: Customer, new_account: Callable[[], Customer], post: Post
) -> None:
    eve = new_account()
    assert change(eve, ada.seed.email) == 302, "asking would tell that there is an account"
    link = next(mail for mail in post() if mail.to == ada.seed.email).link("address/confirm")
    eve.browser.get(link)
    assert eve.browser.post("/account/address/confirm/").status_code == 400
    assert ada.log_in(Client()).status_code == 302


def test_a_link_for_an_address_works_once_and_not_after_another(ada: Customer, post: Post) -> None:
    change(ada, Seed.new().email)
    old = next(mail for mail in post() if mail.to != ada.seed.email).link("address/confirm")
    change(ada, Seed.new().email)
    new = next(mail for mail in post() if mail.to != ada.seed.email).link("address/confirm")
    browser = Client()
    browser.get(old)
    assert browser.post("/account/address/confirm/").status_code == 404
    browser.get(new)
    assert browser.post("/account/address/confirm/").status_code == 200
    browser.get(new)
    assert browser.post("/account/address/confirm/").status_code == 404


@pytest.mark.parametrize(
    "address", ["a@x.example\nBcc: b@x.example", "x", "a" * 300 + "@x.example"]
)
def test_a_bad_address_is_refused(ada: Customer, address: str) -> None:
    assert change(ada, address) == 422
