from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.authenticator import NAME, ORIGIN, Authenticator, text
from accounts.conftest import Post
from accounts.customers import Customer, is_in, words
from troth.channels.accounts.models import Incident, Passkey, RecoveryCode, User

PAGE, OPTIONS = "/account/passkeys/", "/account/passkeys/options/"
ALONE, ASK = "/account/login/passkey/", "/account/login/passkey/options/"
STEP = "/account/login/code/"


def browser() -> Client:
    """One that is at the site's own address, where passkeys work."""
    return Client(raise_request_exception=False, headers={"host": "localhost:8000"})


def add(ada: Customer, key: Authenticator, label: str = "My phone") -> Any:
    options = ada.browser.post(OPTIONS, {"password": ada.password}).json()
    return ada.browser.post(PAGE, {"label": label, "credential": key.make(options)})


def alone(key: Authenticator, there: Client | None = None) -> Client:
    there = there or browser()
    options = there.post(ASK).json()
    there.post(ALONE, {"credential": key.answer(options)})
    return there


@pytest.fixture
def ada(ada: Customer) -> Customer:
    ada.browser.defaults["HTTP_HOST"] = "localhost:8000"
    return ada


@pytest.fixture
def key(ada: Customer, post: Post) -> Authenticator:
    """A passkey of hers."""
    found = Authenticator()
    assert add(ada, found).status_code == 200
    return found


def test_it_is_added_named_listed_and_told_of(ada: Customer, post: Post) -> None:
    key = Authenticator()
    answer = add(ada, key, "The blue key")
    codes = re.findall(r"<li>(\w{5}-\w{5})</li>", answer.content.decode())
    assert len(codes) == 10, "a way in for the day the device is lost"
    assert "The blue key" in words(ada.browser.get(PAGE))
    assert "1 passkey" in words(ada.browser.get("/account/security/"))
    [mail] = post()
    assert mail.subject == "A passkey was added to your account"
    assert "blue" not in mail.text
    second = add(ada, Authenticator(), "Laptop")
    assert second["Location"] == PAGE, "the codes she has stay as they are"
    assert Passkey.objects.count() == 2


def test_it_logs_in_alone(ada: Customer, key: Authenticator) -> None:
    assert "Log in with a passkey" in words(browser().get("/account/login/"))
    key.counter += 1
    there = alone(key)
    assert is_in(there)
    assert "not yet" not in words(there.get(PAGE))


def test_alone_the_device_has_to_know_who_uses_it(ada: Customer, key: Authenticator) -> None:
    key.counter, key.verified = 2, False
    assert not is_in(alone(key))
    key.counter, key.verified = 3, True
    assert is_in(alone(key))


def test_beside_the_password_holding_it_is_enough(ada: Customer, key: Authenticator) -> None:
    there = browser()
    assert ada.log_in(there)["Location"] == STEP
    assert not is_in(there), "the password alone was enough"
    assert "Use a passkey" in words(there.get(STEP))
    options = there.post(ASK, {"beside": "1"}).json()
    assert [one["id"] for one in options["publicKey"]["allowCredentials"]] == [text(key.id)]
    key.counter, key.verified = 2, False
    there.post(STEP, {"credential": key.answer(options)})
    assert is_in(there)


def test_without_scripts_a_recovery_code_does(ada: Customer) -> None:
    codes = re.findall(r"<li>(\w{5}-\w{5})</li>", add(ada, Authenticator()).content.decode())
    there = Client()  # not at the site's own address: there passkeys are not even offered
    ada.log_in(there)
    assert "Use a passkey" not in words(there.get(STEP))
    assert there.post(ASK, {"beside": "1"}).status_code == 422
    there.post(STEP, {"code": codes[0]})
    assert is_in(there)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://copy.example"},
        {"origin": "http://localhost:9000"},
        {"name": "copy.example"},
        {"counter": 1},
        {"user": b""},
        {"user": b"x" * 16},
        {"id": b"another"},
        {"key": Authenticator().key},
    ],
    ids=["origin", "port", "site", "counter", "nobody", "somebody", "id", "key"],
)
def test_what_is_refused(ada: Customer, key: Authenticator, wrong: dict[str, Any]) -> None:
    right = {name: getattr(key, name) for name in wrong} | {"counter": 2}
    key.counter = 2
    for name, value in wrong.items():
        setattr(key, name, value)
    there = browser()
    options = there.post(ASK).json()
    answer = there.post(ALONE, {"credential": key.answer(options)})
    assert answer.status_code == 422
    assert "was not accepted" in words(answer)
    assert not is_in(there)
    for name, value in right.items():
        setattr(key, name, value)
    assert is_in(alone(key)), "nothing but what was wrong is refused"


def test_a_counter_that_went_back_is_on_the_ledger(ada: Customer, key: Authenticator) -> None:
    key.counter = 7
    assert is_in(alone(key))
    key.counter = 6
    assert not is_in(alone(key))
    assert "may have been copied" in words(ada.browser.get("/account/my-data/"))
    key.counter = 0
    assert not is_in(alone(key)), "one that counted stopped counting"


def test_a_device_that_does_not_count(ada: Customer) -> None:
    key = Authenticator(counter=0)
    add(ada, key)
    assert is_in(alone(key))
    assert is_in(alone(key))


def test_an_answer_counts_once_and_in_its_own_session(ada: Customer, key: Authenticator) -> None:
    there, elsewhere = browser(), browser()
    options = there.post(ASK).json()
    elsewhere.post(ASK)
    key.counter = 2
    sent = key.answer(options)
    elsewhere.post(ALONE, {"credential": sent})
    assert not is_in(elsewhere), "an answer to somebody else's challenge"
    there.post(ALONE, {"credential": sent})
    assert is_in(there)
    there.post("/account/logout/")
    again = there.post(ALONE, {"credential": sent})
    assert again.status_code == 422
    assert not is_in(there)


def test_a_challenge_is_for_one_use(ada: Customer, key: Authenticator) -> None:
    """One that was asked for beside the password does not log in alone, where more is checked."""
    there = browser()
    ada.log_in(there)
    options = there.post(ASK, {"beside": "1"}).json()
    key.counter, key.verified = 2, False
    assert there.post(ALONE, {"credential": key.answer(options)}).status_code == 422
    assert not is_in(there)


def test_somebody_elses_passkey_is_no_second_step(
    ada: Customer, key: Authenticator, post: Post, new_account: Callable[[], Customer]
) -> None:
    post()
    bob = new_account()
    bob.browser.defaults["HTTP_HOST"] = "localhost:8000"
    other = Authenticator()
    add(bob, other)
    there = browser()
    ada.log_in(there)
    other.counter = 2
    options = there.post(ASK, {"beside": "1"}).json()
    assert there.post(STEP, {"credential": other.answer(options)}).status_code == 422
    assert not is_in(there)


def test_adding_needs_the_password_and_the_challenge(ada: Customer) -> None:
    key = Authenticator()
    refused = ada.browser.post(OPTIONS, {"password": "wrong"})
    assert (refused.status_code, refused.json()) == (422, {"error": "This is not your password."})
    options = ada.browser.post(OPTIONS, {"password": ada.password}).json()
    stranger = Authenticator(origin="https://copy.example")
    sent = {"label": "x", "credential": stranger.make(options)}
    assert ada.browser.post(PAGE, sent).status_code == 422
    sent["credential"] = key.make(options)  # the challenge is gone with the first answer
    assert ada.browser.post(PAGE, sent).status_code == 422
    for nonsense in ("", "{", "[]", "{}", "null", '{"rawId": 1}', '{"response": {}}', "[" * 9_999):
        ada.browser.post(OPTIONS, {"password": ada.password})
        assert ada.browser.post(PAGE, sent | {"credential": nonsense}).status_code == 422
    assert not Passkey.objects.exists()


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("cut", [b"", b"\x19", b"\xa1\x19", b"\x81" * 5_000], ids=range(4))
def test_an_answer_that_is_cut_short_is_no_answer(cut: bytes) -> None:
    """What follows the flags of an answer is CBOR, which may end anywhere and nest without end."""
    there = browser()
    there.post(ASK)
    sent = Authenticator().answer({"publicKey": {"challenge": text(bytes(32))}})
    whole = json.loads(sent)
    whole["response"]["authenticatorData"] = text(bytes(32) + b"\x85" + bytes(4) + cut)
    assert there.post(ALONE, {"credential": json.dumps(whole)}).status_code == 422
    assert not is_in(there)


def test_the_same_passkey_is_not_added_twice(ada: Customer, key: Authenticator) -> None:
    assert "here already" in words(add(ada, key))
    assert Passkey.objects.count() == 1


def test_removing_it_needs_the_password_and_is_told_of(
    ada: Customer, key: Authenticator, post: Post
) -> None:
    post()
    place = f"{PAGE}{Passkey.objects.get().pk}/remove/"
    assert "My phone" in words(ada.browser.get(place))
    assert ada.browser.post(place, {"password": "wrong"}).status_code == 422
    assert Passkey.objects.exists()
    assert ada.browser.post(place, {"password": ada.password})["Location"] == PAGE
    assert not Passkey.objects.exists()
    assert not RecoveryCode.objects.exists(), "nothing asks for them any more"
    key.counter = 2
    assert not is_in(alone(key))
    assert ada.browser.get(place)["Location"] == PAGE
    [mail] = post()
    assert mail.subject == "A passkey was removed from your account"
    Client().post(mail.link("not-me"))
    assert not User.objects.get().is_active


def test_this_was_not_me_takes_it_off(ada: Customer, post: Post) -> None:
    key = Authenticator(counter=0)
    add(ada, key)
    link = post()[0].link("not-me")
    Client().post(link)
    assert Incident.objects.get().about == "passkey"
    assert not Passkey.objects.exists()
    assert not RecoveryCode.objects.exists(), "who added it has seen them"
    assert not is_in(ada.browser)
    assert not is_in(alone(key))


def test_a_locked_account_opens_to_no_passkey(ada: Customer, key: Authenticator) -> None:
    User.objects.update(is_active=False)
    key.counter = 2
    assert not is_in(alone(key))
    User.objects.update(is_active=True)
    key.counter = 3
    assert is_in(alone(key))


def test_a_challenge_runs_out(ada: Customer, key: Authenticator) -> None:
    there = browser()
    options = there.post(ASK).json()
    key.counter = 2
    with time_machine.travel(time.time() + 6 * 60):
        there.post(ALONE, {"credential": key.answer(options)})
    assert not is_in(there)


def test_it_is_sealed_and_part_of_my_data(ada: Customer, key: Authenticator) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT label, credential FROM accounts_passkey")
        stored = b"".join(map(bytes, cursor.fetchone()))
    assert b"My phone" not in stored
    assert key.id not in stored
    assert "My phone" in words(ada.browser.get("/account/my-data/"))


def test_elsewhere_the_page_says_where_it_works(ada: Customer, settings: Any) -> None:
    del ada.browser.defaults["HTTP_HOST"]
    ada.browser.cookies["troth_session"]["domain"] = ""
    assert f"Passkeys work at {ORIGIN}" in words(ada.browser.get(PAGE))
    assert ada.browser.post(OPTIONS, {"password": ada.password}).status_code == 422
    assert NAME in ORIGIN


@pytest.mark.parametrize("company", ["com1"], indirect=True)
def test_a_site_reached_by_a_number_has_none(
    company: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROTH_URL", "http://192.0.2.7")
    there = Client(headers={"host": "192.0.2.7"})
    settings.ALLOWED_HOSTS = ["*"]
    assert "passkey" not in words(there.get("/account/login/"))
    assert there.post(ASK).status_code == 422


def test_no_passkey_is_opened_for_whoever_merely_names_its_owner(
    ada: Customer, key: Authenticator
) -> None:
    there = browser()
    options = there.post(ASK).json()
    key.counter = 2
    right, wrong = key.answer(options), key.answer({"publicKey": {"challenge": text(b"x" * 32)}})
    for sent, challenged in ((wrong, False), (wrong, True), (right, False)):
        if challenged:
            there.post(ASK)
        with CaptureQueriesContext(connection) as asked:
            there.post(ALONE, {"credential": sent})
        assert not is_in(there)
        assert not [one for one in asked if "accounts_passkey" in one["sql"]]
    assert is_in(alone(key)), "a challenge that is answered opens it"


def test_no_two_accounts_have_the_same_credential(
    ada: Customer, key: Authenticator, post: Post, new_account: Callable[[], Customer]
) -> None:
    post()
    other = new_account()
    other.browser.defaults["HTTP_HOST"] = "localhost:8000"
    again = Authenticator(id=key.id)
    answer = add(other, again)
    assert answer.status_code == 422
    assert "not accepted" in words(answer)
    assert Passkey.objects.count() == 1
    assert add(other, Authenticator()).status_code == 200


def test_the_browser_may_offer_one_where_the_address_is_typed(ada: Customer) -> None:
    page = browser().get("/account/login/").content.decode()
    assert 'autocomplete="username webauthn"' in page
    assert "webauthn" not in Client().get("/account/login/").content.decode(), "not elsewhere"
