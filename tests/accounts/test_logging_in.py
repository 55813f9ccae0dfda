from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.conftest import Company, Post
from accounts.customers import FIREFOX, Customer, Mail, is_in, words
from troth.channels.accounts.guessing import guess, is_locked, note_refused
from troth.channels.accounts.models import Refused, SignIn, Source, User
from troth.channels.accounts.passwords import set_password
from troth.core import clock
from troth.core.actors import Actor
from troth.hub.console.queries.people import humans, recent
from troth.kit.throttle.models import Count
from troth.kit.throttle.patience import at_least


def test_sessions_that_rest_or_were_ended_are_looked_for() -> None:
    assert "troth.channels.accounts.middleware.sign_in_middleware" in settings.MIDDLEWARE


def test_a_wrong_password_and_an_unknown_address_look_the_same(ada: Customer) -> None:
    ada.browser.post("/account/logout/")
    for name in (ada.seed.email, "nobody@x.example"):  # the first of a network begins its line
        ada.log_in(Client(), name=name, password="not her password")
    with CaptureQueriesContext(connection) as known:
        wrong = ada.log_in(Client(), password="not her password")
    with CaptureQueriesContext(connection) as unknown:
        nobody = ada.log_in(Client(), name="nobody@x.example")
    assert wrong.status_code == nobody.status_code == 422
    assert words(wrong) == words(nobody)
    assert len(known) == len(unknown)


def test_the_answer_for_an_unknown_address_takes_as_long(ada: Customer) -> None:
    """Both hash once: leaving that out would be some twenty times as fast."""
    from time import process_time  # noqa: PLC0415

    from django.contrib.auth.hashers import make_password  # noqa: PLC0415

    def cost(run: Callable[[], Any]) -> float:
        began = process_time()
        run()
        return process_time() - began

    hashing = min(cost(lambda: make_password("x" * 20)) for _ in range(3))
    nobody = min(cost(lambda: ada.log_in(Client(), name="nobody@x.example")) for _ in range(3))
    assert nobody > hashing * 0.8


def test_at_least_waits_for_the_rest_only() -> None:
    from time import monotonic  # noqa: PLC0415

    began = monotonic()
    with at_least(0.05):
        pass
    assert monotonic() - began >= 0.05


def test_the_session_gets_a_new_key_at_log_in(ada: Customer) -> None:
    """Session fixation: a key somebody planted opens nothing."""
    planted = Client()
    planted.get("/account/login/")
    session = planted.session
    session["planted"] = True
    session.save()
    planted.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key
    assert ada.log_in(planted).status_code == 302
    assert planted.cookies[settings.SESSION_COOKIE_NAME].value != before
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_in(victim)


def test_the_session_cookie_is_for_http_and_this_session_only(ada: Customer) -> None:
    cookie = ada.browser.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"], "the policy says that it ends with the browser"


ELSEWHERE = ["https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example",
             "javascript:alert(1)", "evil.example", "http:///evil.example",
             "\thttps://evil.example"]  # fmt: skip


@pytest.mark.parametrize("to", ELSEWHERE)
def test_a_log_in_leads_nowhere_else(ada: Customer, to: str) -> None:
    answer = ada.log_in(Client(), next=to)
    assert answer["Location"] == "/account/"
    page = Client().get("/account/login/", {"next": to}).content.decode()
    assert 'name="next"' not in page


def test_a_log_in_leads_back_to_the_page_that_was_wanted(ada: Customer) -> None:
    stranger = Client()
    answer = stranger.get("/account/my-data/?before=")
    assert answer["Location"].startswith("/account/login/?next=/account/my-data/")
    assert ada.log_in(stranger, next="/account/my-data/")["Location"] == "/account/my-data/"


@pytest.mark.usefixtures("one_window")
def test_guessing_is_slowed_down_without_noting_who(ada: Customer, company: Company) -> None:
    for _ in range(9):
        assert ada.log_in(Client(), password="a wrong password").status_code == 422
    answers = [ada.log_in(Client(), password="a wrong password") for _ in range(2)]
    assert answers[-1].status_code == 429
    assert "Try again in" in words(answers[-1])
    assert Customer().log_in(Client()).status_code == 422, "others are slowed down too"


def test_a_lock_that_a_new_password_ended_does_not_come_back_at_the_next_mistake(
    ada: Customer,
) -> None:
    user = User.objects.get()
    _wrong(user, Refused.What.PASSWORD, 8)
    assert not is_in(_logged_in(ada))
    set_password(user, ada.password)
    _wrong(user, Refused.What.PASSWORD, 7)
    assert is_in(_logged_in(ada))
    _wrong(user, Refused.What.PASSWORD, 1)
    assert not is_in(_logged_in(ada)), "though as many as before lock it again"


def _logged_in(ada: Customer, at: str = "198.18.0.1", **changes: str) -> Client:
    browser = Client(raise_request_exception=False, REMOTE_ADDR=at)
    ada.log_in(browser, **changes)
    return browser


@pytest.mark.usefixtures("one_window")
def test_a_stranger_who_guesses_does_not_keep_the_owner_out(ada: Customer, post: Post) -> None:
    post()
    for _ in range(12):
        _logged_in(ada, password="a wrong password")
    assert not is_in(_logged_in(ada)), "not from there, with the right password either"
    assert is_in(_logged_in(ada, "203.0.113.9")), "and from anywhere else as ever"
    assert not is_locked(User.objects.get())
    [mail] = _of_guesses(post)
    assert "from anywhere else your password works" in " ".join(mail.text.split())


@pytest.mark.usefixtures("one_window")
def test_an_account_that_is_guessed_at_from_everywhere_opens_by_a_link_in_the_mail(
    ada: Customer, post: Post
) -> None:
    user = User.objects.get()
    post()
    for number in range(5):
        _wrong(user, Refused.What.PASSWORD, 6, at=f"198.18.{number}.1")
    user.refresh_from_db()
    assert is_locked(user)
    home = Client(REMOTE_ADDR="203.0.113.9")
    ada.log_in(home)
    assert not is_in(home), "with the password alone nobody comes in"
    [mail] = _of_guesses(post)
    link = mail.link("let-in")
    assert "From this browser you can log in" in words(home.get(link))
    assert not is_in(_logged_in(ada, "203.0.113.9")), "looking at the link changes nothing"
    home.post(link)
    ada.log_in(home, password="a wrong password")
    assert not is_in(home)
    ada.log_in(home)
    assert is_in(home)
    assert Client().post(link).status_code == 404, "it works once"
    assert not is_in(_logged_in(ada, "198.18.9.1")), "and for nobody else"
    user.refresh_from_db()
    _wrong(user, Refused.What.PASSWORD, 10, at="198.18.9.1")
    assert _of_guesses(post) == [], "what is locked is not told of again"


@pytest.mark.usefixtures("one_window")
def test_two_refused_at_once_lock_and_mail_once(ada: Customer, post: Post) -> None:
    user = User.objects.get()
    post()
    for number in range(5):
        _wrong(user, Refused.What.PASSWORD, 5 + (number < 4), at=f"198.18.{number}.1")
    both = [User.objects.get(), User.objects.get()]
    for one in both:  # each has read the account before the other locked it
        note_refused(one, what=Refused.What.PASSWORD, address="198.18.7.1", actor=Actor.visitor())
    assert len(_of_guesses(post)) == 1
    del ada


def _of_guesses(post: Post) -> list[Mail]:
    return [mail for mail in post() if "refused" in mail.subject]


def test_what_was_turned_away_unread_locks_nobody(ada: Customer) -> None:
    user = User.objects.get()
    _wrong(user, Refused.What.FLOOD, 20)
    user.refresh_from_db()
    assert not is_locked(user)
    assert ada.log_in(Client()).status_code == 302


def _wrong(user: User, what: str, times: int, at: str = "198.18.0.1") -> None:
    for _ in range(times):
        user.refresh_from_db()
        note_refused(user, what=what, address=at, actor=Actor.visitor())


def test_ten_thousand_characters_are_no_log_in(ada: Customer) -> None:
    for changes in ({"name": "a" * 10_000}, {"password": "p" * 10_000}, {"name": "a\x00b"}):
        assert ada.log_in(Client(), **changes).status_code == 422


@pytest.mark.parametrize("name", ["' OR 1=1 --", "%", "*", "a@x.example' --", "\u0000", "(&(x=*))"])
def test_injection_finds_nobody(ada: Customer, name: str) -> None:
    assert ada.log_in(Client(), name=name).status_code == 422


def test_the_address_is_found_in_any_case(ada: Customer) -> None:
    assert ada.log_in(Client(), name=f" {ada.seed.email.upper()} ").status_code == 302


def test_log_out_ends_this_session_or_every_one(ada: Customer) -> None:
    other = ada.other_browser()
    ada.log_in(other)
    ada.browser.post("/account/logout/")
    assert not is_in(ada.browser)
    assert is_in(other)
    ada.log_in()
    ada.browser.post("/account/logout/", {"everywhere": "1"})
    assert not is_in(ada.browser)
    assert not is_in(other)


def test_log_out_needs_a_post(ada: Customer) -> None:
    assert ada.browser.get("/account/logout/").status_code == 405
    assert is_in(ada.browser)


def test_a_session_that_rests_for_half_an_hour_ends(ada: Customer) -> None:
    with clock.at(clock.now() + timedelta(minutes=29)):
        assert is_in(ada.browser)
    with clock.at(clock.now() + timedelta(minutes=58)):
        assert is_in(ada.browser), "it was in use in between"
    with clock.at(clock.now() + timedelta(minutes=89)):
        assert not is_in(ada.browser)
    assert not is_in(ada.browser), "an ended session came back"


def test_a_public_page_does_not_look_at_the_session(ada: Customer) -> None:
    assert not ada.browser.get("/account/logged-out/").wsgi_request.session.accessed
    assert ada.browser.get("/account/").wsgi_request.session.accessed


def test_a_new_device_is_told_of_by_mail(ada: Customer, post: Post) -> None:
    ada.log_in(Client())
    assert post() == [], "the same device is no news"
    ada.log_in(ada.other_browser())
    (mail,) = post()
    assert (mail.to, mail.subject) == (ada.seed.email, "A new device has logged in")
    ada.log_in(ada.other_browser())
    assert post() == []
    elsewhere = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="203.0.113.9")
    ada.log_in(elsewhere)
    assert len(post()) == 1, "the same browser from another network is news"


def test_the_session_list_shows_and_revokes_others(ada: Customer) -> None:
    others = [ada.other_browser(), ada.other_browser()]
    for other in others:
        ada.log_in(other)
    page = words(ada.browser.get("/account/sessions/"))
    assert "Firefox on Windows" in page
    assert "this one" in page
    one = SignIn.objects.filter(session_key=others[0].session.session_key).get()
    ada.browser.post(f"/account/sessions/{one.pk}/end/")
    assert [is_in(other) for other in others] == [False, True]
    ada.browser.post("/account/sessions/others/end/")
    assert not is_in(others[1])
    assert is_in(ada.browser)


def test_nobody_ends_the_session_of_another(
    ada: Customer, new_account: Callable[[], Customer]
) -> None:
    eve, hers = (
        new_account(),
        SignIn.objects.filter(session_key=ada.browser.session.session_key).get(),
    )
    eve.browser.post(f"/account/sessions/{hers.pk}/end/")
    assert is_in(ada.browser)


def test_without_the_mark_of_our_page_nothing_is_accepted(ada: Customer) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert ada.log_in(strict).status_code in (400, 403)
    assert not is_in(strict)


def test_what_the_security_log_hangs_on_is_no_person(ada: Customer) -> None:
    before = (humans().count(), recent("1").paginator.count)
    ada.log_in(Client(), password="a wrong password")
    assert Source.objects.exists()
    assert (humans().count(), recent("1").paginator.count) == before


def test_guessing_can_be_tried_and_leaves_nothing(ada: Customer) -> None:
    del ada
    before = (Refused.objects.count(), Source.objects.count(), Count.objects.count())
    out, turned_away = guess(caller="192.0.2.1")
    assert 8 <= out <= 10
    assert turned_away == 11
    assert (Refused.objects.count(), Source.objects.count(), Count.objects.count()) == before
    assert guess(caller="192.0.2.1") == (out, turned_away), "the trial itself was taken back"
