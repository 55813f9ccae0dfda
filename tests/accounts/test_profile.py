from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from accounts.conftest import Post
from accounts.customers import Customer, is_in, words
from support.seeded import Seed
from troth.channels.accounts.mails import ADDRESS
from troth.channels.accounts.models import AddressChange, Correction, User
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.kit import links

EMAIL = "user.contact.email"
PHONE = "+1 604-555-0147"


def saved(customer: Customer, **changes: str) -> int:
    form = {"name": customer.seed.name, "website": customer.seed.website} | changes
    return int(customer.browser.post("/account/profile/", form).status_code)


def test_a_correction_counts_and_the_history_stays(ada: Customer, post: Post) -> None:
    assert saved(ada, name="Ada Corrected", phone=PHONE) == 302
    page = ada.browser.get("/account/profile/").content.decode()
    assert 'value="Ada Corrected"' in page
    assert PHONE in page
    assert Element.objects.filter(name="name").count() == 2
    assert "earlier" in words(ada.browser.get("/account/my-data/"))


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


def test_a_new_address_counts_once_its_link_was_opened(ada: Customer, post: Post) -> None:
    new = Seed.new().email
    assert change(ada, new) == 302
    asked, told = sorted(post(), key=lambda mail: mail.to != new)
    assert (asked.to, told.to) == (new, ada.seed.email)
    assert ada.log_in(Client(), name=new).status_code == 422
    link = asked.link("address/confirm")
    ada.browser.get(link)
    assert ada.log_in(Client(), name=new).status_code == 422, "opening alone changed it"
    assert ada.browser.post(link).status_code == 200
    assert {mail.to for mail in post()} == {new, ada.seed.email}
    assert ada.log_in(Client(), name=new).status_code == 302
    assert ada.log_in(Client()).status_code == 422
    assert Element.objects.filter(category="user.contact.email").count() == 2


def test_a_link_for_an_address_asks_for_the_log_in_and_comes_back(
    ada: Customer, post: Post
) -> None:
    new = Seed.new().email
    change(ada, new)
    link = next(mail for mail in post() if mail.to == new).link("address/confirm")
    browser = Client()
    assert browser.post(link).status_code == 302, "it worked without a log-in"
    to_log_in = browser.get(link)["Location"]
    assert to_log_in.startswith("/account/login/?next=/account/address/confirm/")
    back = browser.post(to_log_in, {"name": ada.seed.email, "password": ada.password})
    assert back["Location"] == link
    assert browser.post(link).status_code == 200
    assert ada.log_in(Client(), name=new).status_code == 302


def test_a_link_for_an_address_does_nothing_for_anybody_else(
    ada: Customer, new_account: Callable[[], Customer], post: Post
) -> None:
    new, other = Seed.new().email, new_account()
    change(ada, new)
    link = next(mail for mail in post() if mail.to == new).link("address/confirm")
    assert other.browser.get(link).status_code == 404
    assert other.browser.post(link).status_code == 404
    assert ada.log_in(Client()).status_code == 302


def test_the_old_address_can_put_it_back(ada: Customer, post: Post) -> None:
    new = Seed.new().email
    change(ada, new)
    asked, told = sorted(post(), key=lambda mail: mail.to != new)
    ada.browser.post(asked.link("address/confirm"))
    post()
    assert "The account is locked" in words(Client().post(told.link("not-me")))
    assert not is_in(ada.browser)
    Client().post("/account/reset/", {"address": ada.seed.email})
    assert {mail.to for mail in post()} == {ada.seed.email}
    assert User.objects.get().address is not None


def test_a_new_address_needs_the_password(ada: Customer, post: Post) -> None:
    assert change(ada, Seed.new().email, "a wrong guess") == 422
    assert post() == []


def wrote(seed: Seed) -> Person:
    """Somebody without an account, who once sent a form."""
    given = [Given("name", "user.name", seed.name), Given("email", EMAIL, seed.email)]
    with transaction.atomic(), collect(
        actor=Actor.visitor(), touchpoint="forms.contact", data=[one.category for one in given]
    ) as collecting:  # fmt: skip
        person = collecting.person(given)
        collecting.hold(person, given)
    return person


@pytest.mark.parametrize("account", [True, False])
def test_an_address_of_somebody_else_is_not_taken(
    ada: Customer, new_account: Callable[[], Customer], post: Post, account: bool
) -> None:
    victim = new_account().seed if account else Seed.new()
    if not account:
        wrote(victim)
    assert change(ada, victim.email) == 302, "asking would tell that the address is known"
    warned = next(mail for mail in post() if mail.to == victim.email)
    assert warned.subject == "Somebody wanted to use your address"
    assert "/address/confirm/" not in warned.text
    link = f"/account/address/confirm/{links.sign(ADDRESS, AddressChange.objects.get().pk.hex)}/"
    refused = ada.browser.post(link)
    assert refused.status_code == 400
    assert "in use here already" in words(refused)
    assert not Person.objects.filter(merged_into__isnull=False).exists()
    assert victim.name not in words(ada.browser.get("/account/my-data/"))
    assert ada.log_in(Client()).status_code == 302


def test_a_link_for_an_address_works_once_and_not_after_another(ada: Customer, post: Post) -> None:
    change(ada, Seed.new().email)
    old = next(mail for mail in post() if mail.to != ada.seed.email).link("address/confirm")
    change(ada, Seed.new().email)
    new = next(mail for mail in post() if mail.to != ada.seed.email).link("address/confirm")
    assert ada.browser.post(old).status_code == 404
    assert ada.browser.post(new).status_code == 200
    assert ada.browser.post(new).status_code == 404


@pytest.mark.parametrize(
    "address", ["a@x.example\nBcc: b@x.example", "x", "a" * 300 + "@x.example"]
)
def test_a_bad_address_is_refused(ada: Customer, address: str) -> None:
    assert change(ada, address) == 422
