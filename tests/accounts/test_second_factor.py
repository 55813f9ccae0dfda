from __future__ import annotations

import re
import time
from base64 import b32decode

import pytest
from django.db import connection
from django.test import Client
from django_otp.oath import hotp

from accounts.conftest import Post
from accounts.customers import Customer, is_in, words
from troth.channels.accounts.models import RecoveryCode, SecondFactor


def code(secret: bytes, later: int = 0) -> str:
    return str(hotp(secret, int(time.time()) // 30 + later)).zfill(6)


def codes_of(browser: Client) -> tuple[bytes, list[str]]:
    """Set a second factor up as a person does; its secret and the recovery codes."""
    page = browser.get("/account/second-factor/").content.decode()
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert shown, page
    secret = b32decode(shown[1].replace(" ", ""))
    # The step before counts too, which leaves the codes of now and next to the tests.
    answer = browser.post("/account/second-factor/", {"code": code(secret, -1)})
    return secret, re.findall(r"<li>(\w{5}-\w{5})</li>", answer.content.decode())


def second_step(ada: Customer, sent: str) -> bool:
    browser = Client()
    answer = ada.log_in(browser)
    assert answer["Location"] == "/account/login/code/"
    assert not is_in(browser), "the password alone was enough"
    browser.post("/account/login/code/", {"code": sent})
    return is_in(browser)


def test_log_in_asks_for_a_code_once_it_is_on(ada: Customer, post: Post) -> None:
    secret, codes = codes_of(ada.browser)
    assert len(codes) == 10
    assert post()[0].subject == "The second factor is on"
    assert second_step(ada, code(secret))


def test_a_code_counts_once(ada: Customer) -> None:
    secret, _ = codes_of(ada.browser)
    once = code(secret)
    assert second_step(ada, once)
    assert not second_step(ada, once)
    assert not second_step(ada, code(secret, -1)), "an older one counted after a newer"


def test_a_clock_may_be_half_a_minute_off_and_no_more(ada: Customer) -> None:
    secret, _ = codes_of(ada.browser)
    SecondFactor.objects.update(drift=0, last_step=0)
    assert not second_step(ada, code(secret, 4))
    assert not second_step(ada, code(secret, -4))
    assert second_step(ada, code(secret, 1))


def test_a_recovery_code_counts_once(ada: Customer) -> None:
    _, codes = codes_of(ada.browser)
    assert second_step(ada, codes[0].upper())
    assert not second_step(ada, codes[0])
    assert second_step(ada, codes[1].replace("-", " "))


def test_recovery_codes_are_kept_as_digests_and_replaced(ada: Customer) -> None:
    _, codes = codes_of(ada.browser)
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not kept & {one.replace("-", "") for one in codes}
    ada.browser.post("/account/second-factor/codes/", {"password": ada.password})
    assert not kept & set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not second_step(ada, codes[0])


@pytest.mark.usefixtures("one_window")
def test_guessing_codes_is_slowed_down(ada: Customer) -> None:
    codes_of(ada.browser)
    browser = Client(raise_request_exception=False)
    ada.log_in(browser)
    answers = [browser.post("/account/login/code/", {"code": "000000"}).status_code
               for _ in range(7)]  # fmt: skip
    assert answers[-1] == 429


def test_a_code_needs_the_password_first(ada: Customer) -> None:
    secret, _ = codes_of(ada.browser)
    browser = Client()
    answer = browser.post("/account/login/code/", {"code": code(secret)})
    assert answer["Location"] == "/account/login/"
    assert not is_in(browser)


def test_it_is_switched_off_with_the_password_only(ada: Customer, post: Post) -> None:
    codes_of(ada.browser)
    assert ada.browser.post("/account/second-factor/off/", {"password": "x"}).status_code == 422
    assert SecondFactor.objects.exists()
    ada.browser.post("/account/second-factor/off/", {"password": ada.password})
    assert not SecondFactor.objects.exists()
    assert ada.log_in(Client())["Location"] == "/account/"
    assert post()[-1].subject == "The second factor is off"


def test_the_secret_is_sealed_and_the_picture_has_no_style(ada: Customer) -> None:
    page = ada.browser.get("/account/second-factor/").content.decode()
    picture = page[page.index("<figure") : page.index("</figure>")]
    assert "<svg" in picture
    assert "style" not in picture
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert shown
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        assert shown[1].replace(" ", "").encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("sent", ["", "abcdef", "1" * 21, "<b>", "12345"])
def test_what_is_no_code_is_refused(ada: Customer, sent: str) -> None:
    ada.browser.get("/account/second-factor/")
    answer = ada.browser.post("/account/second-factor/", {"code": sent})
    assert answer.status_code == 422
    assert "Please look at this again" in words(answer)


def test_new_recovery_codes_need_the_password_and_end_the_old(ada: Customer) -> None:
    _, old = codes_of(ada.browser)
    assert "10 recovery codes left" in words(ada.browser.get("/account/security/"))
    assert "password" in words(ada.browser.get("/account/second-factor/codes/")).lower()
    asked = ada.browser.post("/account/second-factor/codes/", {"password": "wrong"})
    assert asked.status_code == 422
    answer = ada.browser.post("/account/second-factor/codes/", {"password": ada.password})
    new = re.findall(r"<li>(\w{5}-\w{5})</li>", answer.content.decode())
    assert len(new) == 10
    assert not second_step(ada, old[0])
    assert second_step(ada, new[0])
