from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from accounts.conftest import Company, Post
from accounts.customers import Customer, is_in, words
from troth.channels.accounts.models import Registration, User
from troth.core import clock
from troth.core.choices.models import Choice
from troth.core.organisations.scope import scope
from troth.core.people.models import Element, Person
from troth.kit.outbox.api import Message


def stored() -> dict[str, int]:
    models = (Person, Element, Registration, User, Message, Choice)
    return {model.__name__: model.objects.count() for model in models}


def test_an_account_opens_once_its_address_is_confirmed(customer: Customer, post: Post) -> None:
    answer = customer.register()
    assert (answer.status_code, answer["Location"]) == (302, "/account/register/sent/")
    assert customer.log_in().status_code == 422, "an unconfirmed account can be used"
    (mail,) = post()
    assert mail.to == customer.seed.email
    assert customer.browser.get(mail.link("confirm")).status_code == 200
    assert not User.objects.exists(), "opening alone confirmed it"
    answer = customer.browser.post(mail.link("confirm"), {"password": customer.password})
    assert answer["Location"] == "/account/"
    assert is_in(customer.browser)
    assert User.objects.get().password.startswith("argon2$argon2id$")


def test_opening_an_account_mails_what_is_held_and_chosen(customer: Customer, post: Post) -> None:
    customer.register(**{"no-newsletter": "on"})
    customer.browser.post(post()[0].link("confirm"), {"password": customer.password})
    (mail,) = post()
    assert "Your web site" in mail.text
    assert "News about new features: no" in mail.text
    assert not [value for value in customer.seed.values() if value in mail.text]


def test_a_choice_counts_with_its_wording_once_confirmed(customer: Customer, post: Post) -> None:
    page = customer.browser.get("/account/register/").content.decode()
    assert 'type="checkbox"' in page
    assert "checked" not in page
    customer.register(**{"no-newsletter": "on"})
    assert not Choice.objects.exists(), "anybody could choose for somebody else"
    customer.browser.post(post()[0].link("confirm"), {"password": customer.password})
    choice = Choice.objects.get()
    assert (choice.purpose, choice.decision) == ("newsletter", "refused")
    assert choice.wording == "Not for me: News about new features"


def test_an_address_with_an_account_looks_like_any_other(ada: Customer, post: Post) -> None:
    before, stranger = stored(), Customer(seed=ada.seed)
    known = stranger.register(password="another quite long one")
    unknown = Customer().register()
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    kept, fresh = post()
    assert (kept.to, fresh.subject) == (ada.seed.email, "Confirm your address")
    assert "already" in kept.subject
    assert stored()["User"] == before["User"]
    assert ada.log_in(Customer().browser).status_code == 302, "the password was changed"


@pytest.mark.parametrize(
    "name", ["phone", "card-number", "is_staff", "<b>x</b>", "organisation_id"]
)
def test_what_the_clause_does_not_name_is_refused(customer: Customer, name: str) -> None:
    answer = customer.register(**{name: "1"})
    assert answer.status_code == 422
    assert "§ 2.7" in words(answer)
    assert "<b>x</b>" not in answer.content.decode()
    assert not any(stored().values())


@pytest.mark.parametrize("answer", ["no", "", "YES", "12"])
def test_under_the_age_nothing_is_stored(customer: Customer, answer: str) -> None:
    assert customer.register(age=answer).status_code == 422
    assert not any(stored().values())


@pytest.mark.parametrize("password", ["", "kurzes", "qwertyuiop123", "1q2w3e4r5t6y", "x" * 201])
def test_a_weak_password_is_refused(customer: Customer, password: str) -> None:
    answer = customer.register(password=password)
    assert answer.status_code == 422
    assert password not in answer.content.decode() or not password
    assert not any(stored().values())


BAD = {
    "email": ["nobody", "a@b", "a@x.example\r\nBcc: b@x.example", "a b@x.example",
              "a" * 250 + "@x.example"],
    "name": ["", "x" * 121, "Ada\nBcc: b@x.example", "Ada\x00", "\u202eada"],
    "website": ["javascript:alert(1)", "x" * 400, "http://"],
    "staff": ["a million", "<script>"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in BAD.items() for v in values])
def test_bad_input_is_refused_at_its_field(customer: Customer, name: str, value: str) -> None:
    answer = customer.register(**{name: value})
    assert answer.status_code == 422
    assert f'id="id_{name}-error"' in answer.content.decode()
    assert not any(stored().values())


def test_sql_and_html_are_only_text(customer: Customer, post: Post) -> None:
    name = "Robert'); DROP TABLE people_person;-- <img src=x onerror=alert(1)>"
    assert customer.register(name=name).status_code == 302
    customer.browser.post(post()[0].link("confirm"), {"password": customer.password})
    for path in ("my-data/", "profile/"):
        page = customer.browser.get(f"/account/{path}").content.decode()
        assert "<img" not in page
        assert "Robert&#x27;); DROP TABLE" in page


def test_a_link_opens_nothing_without_the_password_chosen_with_it(
    customer: Customer, post: Post
) -> None:
    """Otherwise who registers somebody else's address only has to wait for a careless click."""
    Customer(seed=customer.seed, password="the attacker knows this").register()
    answer = customer.browser.post(post()[0].link("confirm"), {"password": customer.password})
    assert answer.status_code == 422
    assert not User.objects.exists()


def test_of_two_registrations_the_confirmed_one_counts(customer: Customer, post: Post) -> None:
    attacker = Customer(seed=customer.seed, password="the attacker knows this")
    attacker.register(name="Buy cheap pills")
    customer.register()
    _, mine = post()
    customer.browser.post(mine.link("confirm"), {"password": customer.password})
    assert attacker.log_in().status_code == 422
    assert not Registration.objects.exists()
    page = words(customer.browser.get("/account/my-data/"))
    assert customer.seed.name in page
    assert "Buy cheap pills" not in page


@pytest.mark.parametrize("token", ["x", "a.b~c", "0" * 32 + "~1~x", "%00", "a" * 400])
def test_a_forged_link_is_refused(customer: Customer, token: str) -> None:
    assert customer.browser.get(f"/account/confirm/{token}/").status_code == 404


def test_what_nobody_confirms_is_dropped(customer: Customer, post: Post) -> None:
    with clock.at(clock.now() - timedelta(days=4)):
        customer.register()
    link = post()[0].link("confirm")
    other = Customer()
    other.register()
    assert Registration.objects.count() == 1
    assert Element.objects.filter(person__registrations__isnull=True).count() == 0
    assert customer.browser.get(link).status_code == 404


def test_two_at_once_for_one_address_make_one_person(company: Company) -> None:
    first, second = Customer(), None
    second = Customer(seed=first.seed, password="eight herons on a fence")

    def send(customer: Customer) -> int:
        with scope(company.organisation):
            try:
                return int(customer.register().status_code)
            finally:
                connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(send, [first, second])) == [302, 302]
    assert stored() | {"Element": 0} == {
        "Person": 1, "Element": 0, "Registration": 2, "User": 0, "Message": 2, "Choice": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("one_window")
def test_registering_too_often_gets_a_clear_answer(customer: Customer) -> None:
    answers = [customer.register(age="no").status_code for _ in range(21)]
    assert answers[-2:] == [422, 429]
    assert "Try again in" in words(customer.register())


@pytest.mark.parametrize("company", ["comantra"], indirect=True)
def test_a_user_name_is_chosen_and_is_nobody_elses(customer: Customer, post: Post) -> None:
    page = words(customer.browser.get("/account/register/"))
    assert "address that only you read" in page
    form = {**customer.form(), "username": "otter"}
    del form["website"]
    assert customer.browser.post("/account/register/", form).status_code == 302
    customer.browser.post(post()[0].link("confirm"), {"password": customer.password})
    other = Customer()
    taken = other.browser.post("/account/register/", {**form, "email": other.seed.email})
    assert taken.status_code == 422
    assert "Somebody has this user name already" in words(taken)
    assert customer.log_in(other.browser, name="Otter").status_code == 302
