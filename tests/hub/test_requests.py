"""Where a request is sent on to."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve

from troth.hub.console.views.purpose import came_from
from troth.hub.permissions import table
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
