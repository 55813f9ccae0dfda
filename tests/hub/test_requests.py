"""Where a request is sent on to."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve

from troth.hub.console.views.purpose import came_from
from troth.hub.permissions import table
from troth.hub.request_log import _path
from troth.kit.permissions import PUBLIC


@pytest.mark.parametrize(
    ("referer", "path"),
    [
        ("http://testserver/console/people?page=2", "/console/people?page=2"),
        ("http://testserver//other.example/", ""),
        ("http://testserver/\\other.example/", ""),
        ("http://other.example/console/", ""),
        ("", ""),
    ],
)
def test_one_is_sent_back_to_a_page_of_ours_alone(referer: str, path: str) -> None:
    headers = {"Referer": referer} if referer else {}
    assert came_from(RequestFactory(headers=headers).post("/console/purpose")) == path


def test_a_browser_that_asks_for_an_icon_gets_ours() -> None:
    found = resolve("/favicon.ico")
    assert table()[found.view_name] == PUBLIC
    answer = found.func(RequestFactory().get("/favicon.ico"))
    assert (answer.status_code, answer["Location"]) == (302, "/static/kit/favicon.svg")


def test_a_file_that_is_not_there_is_a_page_that_is_not_there() -> None:
    assert Client().get("/static/none.css", secure=True).status_code == 404


@pytest.mark.parametrize(
    ("route", "words", "said"),
    [
        ("policy/clause/<str:number>", {"number": "2.1"}, "/policy/clause/2.1"),
        ("v1/data-rights-request/<uuid:number>", {"number": "0c9d"}, "/v1/data-rights-request/…"),
        ("preferences/<str:token>", {"token": "Zm9v"}, "/preferences/…"),
    ],
)
def test_the_log_of_requests_has_our_own_words_and_no_number_of_somebodys(
    route: str, words: dict[str, str], said: str
) -> None:
    assert _path(route, words) == said
