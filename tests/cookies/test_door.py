"""Whatever sets a cookie, it passes one door: no page and no part of the software goes past it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.conftest import Company
from accounts.customers import Customer
from architecture.test_urls import URLS
from cookies.browsing import NUMBER, choose, held, text

DOOR = "troth.channels.cookies.middleware.cookie_middleware"
NECESSARY = {"troth_session", "troth_csrf", "troth_cookies"}
TRIED = ("follows_you", "troth_visitor", "troth_preferences")


def careless(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """A part that sets cookies on every answer, whoever asks and whatever they chose."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name in TRIED:
            response.set_cookie(name, NUMBER, max_age=10 * 365 * 24 * 3600)
        response.headers["Set-Cookie"] = f"by_hand={NUMBER}; Path=/"
        return response

    return handle


@pytest.fixture
def unguarded(settings: Any, company: Company) -> Iterator[Client]:
    """A browser at a site with such a part in it."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.careless"]
    logging.disable(logging.ERROR)  # each refusal is one
    yield Client(raise_request_exception=False)
    logging.disable(logging.NOTSET)


def test_the_door_is_the_outermost() -> None:
    assert site_settings.MIDDLEWARE[0] == DOOR


def test_no_page_lets_out_what_was_not_chosen(unguarded: Client) -> None:
    assert len(URLS) > 100
    for name, arguments in URLS.items():
        colour = {"accent": "1f6f5c"} if "accent" in arguments else {}
        path = reverse(name, kwargs=arguments | colour)
        answer = unguarded.get(path, headers={"Host": "testserver"})
        let_out = {key for key, one in answer.cookies.items() if one["max-age"] != 0}
        assert let_out <= NECESSARY, f"{path} let out {let_out}"
        assert "by_hand" not in str(answer.headers), path


def test_what_was_chosen_passes_and_ends_when_its_clause_says(unguarded: Client) -> None:
    choose(unguarded, "analytics")
    answer = unguarded.get("/")
    assert set(answer.cookies) == {"troth_visitor"}
    year = 366 * 24 * 3600
    assert 0 < int(answer.cookies["troth_visitor"]["max-age"]) <= year


def test_a_refusal_is_told_and_names_no_value(
    company: Company, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.careless"]
    Client().get("/")
    assert "The cookie follows_you is refused: no clause of the policy declares it." in caplog.text
    assert "set by hand" in caplog.text
    assert NUMBER not in caplog.text


def test_what_a_browser_may_not_have_is_taken_from_it(company: Company) -> None:
    browser = Client()
    browser.cookies["troth_visitor"] = NUMBER
    browser.cookies["somebody_elses"] = "1"
    browser.get("/policy")
    assert held(browser) == {"somebody_elses": "1"}, "a cookie no clause knows is not ours"


def test_a_message_for_the_next_page_is_no_cookie(ada: Customer) -> None:
    assert set(held(ada.browser)) <= NECESSARY
    assert site_settings.MESSAGE_STORAGE == "troth.hub.toasts.QuietStorage"


SOURCE = Path(__file__).resolve().parents[2] / "src" / "troth"
SETTING = re.compile(
    r"\.set_cookie\(|set_signed_cookie|response\.cookies\[|Set-Cookie|document\.cookie"
)


def test_nothing_else_speaks_of_setting_one() -> None:
    found = {
        path.relative_to(SOURCE).parts[:2]
        for ending in ("*.py", "*.js")
        for path in SOURCE.rglob(ending)
        if SETTING.search(path.read_text("utf-8"))
    }
    assert found == {("channels", "cookies")}
    assert "by_hand" not in text(Client().get("/static/none.js", secure=True))
