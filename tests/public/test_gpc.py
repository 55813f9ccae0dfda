"""Global Privacy Control: heard exactly, honoured once, outweighed by a yes to the very thing."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page as BrowserPage

from support.browser import axe
from support.installations import Site
from support.reader import Chooser, Reader

SIGNAL = {"Sec-GPC": "1"}
HONOURED = "Your browser asks us not to sell or share your data"
BY_BROWSER = "Your browser said no for you on"
PRIZE = "contests:to.prize-giver"


def quiet(chooser: Chooser) -> Chooser:
    """The same person with a browser that sends no signal."""
    return Chooser(chooser.site, Reader(chooser.site.url), chooser.seed, chooser.path)


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        (["1"], True),
        (["0", "1"], True),
        (["0"], False),
        (["true"], False),
        (["1;x"], False),
        (["11"], False),
        ([""], False),
        ([], False),
    ],
)
def test_only_exactly_one_is_heard(site: Site, sent: list[str], *, heard: bool) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.putrequest("GET", "/")
    for value in sent:
        connection.putheader("Sec-GPC", value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert (HONOURED in text) is heard
    assert "Sec-GPC" in answer.headers["Vary"]


def test_what_browsers_look_for_says_that_we_keep_to_it(site: Site) -> None:
    found = Reader(site.url).get("/.well-known/gpc.json")
    assert found.headers["Content-Type"] == "application/json"
    stated = json.loads(found.content)
    assert stated["gpc"] is True
    assert date.fromisoformat(stated["lastUpdate"]) <= date.today()  # noqa: DTZ011 - a day is enough


def test_a_form_sent_with_the_signal_refuses_and_says_so(objector: Chooser) -> None:
    page = quiet(objector).open()
    assert BY_BROWSER in page.words
    assert "about Maple Parcel Prizes (maple-parcel.example), as your browser asks" in page.words
    assert objector.gate("newsletter") == "permitted", "our own newsletter is no sale"


def test_the_signal_counts_once_however_often_it_comes(objector: Chooser) -> None:
    first = objector.open().text.count("/receipts/")
    for _ in range(3):
        again = objector.open()
    assert again.text.count("/receipts/") == first
    assert "Your browser chose for you" in again.words


def test_opening_the_page_with_the_signal_is_enough(chooser: Chooser) -> None:
    assert BY_BROWSER not in chooser.open().words
    chooser.reader.get(chooser.path, **SIGNAL)
    assert BY_BROWSER in chooser.open().words


def test_a_yes_to_the_very_thing_outweighs_the_signal(objector: Chooser) -> None:
    saved = objector.choose(objector.open(), on=(PRIZE,))
    assert PRIZE in saved.ticked()
    assert PRIZE in objector.open().ticked(), "and the next request does not undo it"
    assert PRIZE not in objector.choose(objector.open(), off=(PRIZE,)).ticked()


def test_asking_for_the_page_by_head_changes_nothing(chooser: Chooser) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", chooser.site.port, timeout=20)
    connection.request("HEAD", chooser.path, headers=SIGNAL)
    assert connection.getresponse().status == 200
    connection.close()
    assert BY_BROWSER not in chooser.open().words


def test_the_receipt_says_that_the_browser_did_it(objector: Chooser) -> None:
    page = objector.open()
    address = page.text.partition("/receipts/")[2].partition('"')[0]
    found = json.loads(objector.reader.get(f"{objector.path}/receipts/{address}").content)
    (event,) = found["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"]
    assert event["dpv:hasIndicationMethod"] == "gpc"
    assert event["@type"] == ["dpv:ConsentRefused"]


def test_the_signal_in_a_browser(objector: Chooser, new_page: Callable[..., BrowserPage]) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, extra_http_headers=SIGNAL)
    page.goto(objector.site.url + objector.path)
    assert not axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("footer").get_by_text(HONOURED).is_visible()
