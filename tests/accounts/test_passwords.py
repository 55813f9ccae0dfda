from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.conftest import Post
from accounts.customers import Customer, is_in, words
from troth.channels.accounts.models import User
from troth.kit.outbox.api import Message

NEW = "nine herons on one leg"


def asked(customer: Customer, post: Post) -> str:
    Client().post("/account/reset/", {"address": customer.seed.email})
    return next(mail for mail in post() if "set a new password" in mail.subject).link("reset")


def test_a_forgotten_password_is_set_anew_by_a_link(ada: Customer, post: Post) -> None:
    browser, link = Client(), asked(ada, post)
    page, token = browser.get(link), link.rsplit("/", 2)[1]
    assert token not in page.content.decode(), "a page could pass it on"
    assert page["Referrer-Policy"] == "same-origin"
    assert not [one for one in Session.objects.all() if token in str(one.get_decoded())]
    assert browser.post(link, {"password": NEW})["Location"] == "/account/login/"
    assert not is_in(ada.browser), "the sessions before go on"
    assert ada.log_in(Client()).status_code == 422
    assert ada.log_in(Client(), password=NEW).status_code == 302
    (mail,) = post()
    assert mail.subject == "Something in your account has changed"
    assert NEW not in mail.text


def test_a_reset_link_works_once(ada: Customer, post: Post) -> None:
    link = asked(ada, post)
    first, second = Client(), Client()
    first.get(link)
    second.get(link)
    first.post(link, {"password": NEW})
    again = second.post(link, {"password": "somebody else's choice"})
    assert again.status_code == 404
    assert Client().get(link).status_code == 404
    assert ada.log_in(Client(), password=NEW).status_code == 302


def test_a_reset_link_works_for_an_hour(ada: Customer, post: Post, settings: Any) -> None:
    link = asked(ada, post)
    assert settings.PASSWORD_RESET_TIMEOUT == 3600
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(link).status_code == 404


def test_logging_in_ends_a_reset_link(ada: Customer, post: Post) -> None:
    # A link knows the last log-in to the second, and this test takes less.
    User.objects.update(last_login=datetime(2026, 1, 1, tzinfo=UTC))
    link = asked(ada, post)
    ada.log_in(Client())
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("change", ["token", "uid", "swap", "long"])
def test_a_forged_reset_link_is_refused(ada: Customer, post: Post, change: str) -> None:
    _, _, _, uid, token, _ = asked(ada, post).split("/")
    forged = {
        "token": (uid, token[:-1] + ("0" if token[-1] != "0" else "1")),
        "uid": ("AAAA", token),
        "swap": (token, uid),
        "long": (uid * 50, token * 50),
    }[change]
    assert Client().get("/account/reset/{}/{}/".format(*forged)).status_code == 404


def test_asking_tells_nobody_whether_an_address_has_an_account(ada: Customer, post: Post) -> None:
    known = Client().post("/account/reset/", {"address": ada.seed.email})
    assert len(post()) == 1
    unknown = Client().post("/account/reset/", {"address": "nobody@x.example"})
    assert not post()
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.content == unknown.content
    assert "If that address has an account" in words(Client().get(known["Location"]))


@pytest.mark.usefixtures("one_window")
def test_asking_too_often_floods_no_mailbox(ada: Customer, post: Post) -> None:
    codes = [Client().post("/account/reset/", {"address": ada.seed.email}).status_code
             for _ in range(6)]  # fmt: skip
    assert codes == [302] * 5 + [429]
    assert Message.objects.filter(kind="accounts.reset").count() == 5


def test_the_password_is_changed_by_who_knows_it(ada: Customer, post: Post) -> None:
    other = ada.other_browser()
    ada.log_in(other)
    post()
    wrong = ada.browser.post("/account/password/", {"old": "guess", "password": NEW})
    assert wrong.status_code == 422
    before = ada.browser.session.session_key
    right = ada.browser.post("/account/password/", {"old": ada.password, "password": NEW})
    assert right["Location"] == "/account/security/"
    assert is_in(ada.browser)
    assert ada.browser.session.session_key != before
    assert not is_in(other)
    assert post()[0].subject == "Something in your account has changed"


@pytest.mark.parametrize(
    ("company", "said"),
    [("comm100", "A second factor makes your account"), ("comantra", "A long password")],
    indirect=["company"],
)
def test_the_guidance_of_the_policy_is_on_the_password_pages(company: object, said: str) -> None:
    for path in ("reset/", "register/"):
        assert said in words(Client().get(f"/account/{path}"))


def test_a_password_is_kept_as_a_memory_hard_hash(ada: Customer) -> None:
    user = User.objects.get()
    assert user.password.startswith("argon2$argon2id$")
    assert ada.password not in user.password


def test_composition_is_not_asked_for(ada: Customer) -> None:
    right = ada.browser.post(
        "/account/password/", {"old": ada.password, "password": "a" * 9 + "bcdefgh"}
    )
    assert right.status_code == 302


def test_password_managers_find_the_page(company: object) -> None:
    answer = Client().get("/.well-known/change-password")
    assert answer["Location"] == "/account/password/"
