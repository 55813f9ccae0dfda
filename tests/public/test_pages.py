"""The public pages as anybody gets them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page as BrowserPage, expect

from support.browser import axe, for_everybody
from support.installations import Site
from support.reader import Reader

POLICY = Path(__file__).resolve().parents[2] / "policies" / "comm100.toml"
PAGES = ["/", "/policy", "/policy/versions/2010-05-18", "/policy/clause/2.4", "/cookies"]


@pytest.mark.parametrize("path", PAGES)
def test_a_first_visit_sets_no_cookie_and_finds_the_policy(reader: Reader, path: str) -> None:
    page = reader.get(path)
    assert page.status == 200
    assert page.headers.get_all("Set-Cookie") is None
    assert re.search(r'<footer.*href="/policy".*</footer>', page.text, re.DOTALL)


def test_every_chip_leads_to_its_clause(reader: Reader) -> None:
    chips = set(
        re.findall(r'class="chip" href="([^"]+)" data-card="([^"]+)"', reader.get("/").text)
    )
    assert len(chips) > 5
    anchors = set(re.findall(r'id="([^"]+)"', reader.get("/policy").text))
    for href, card in chips:
        assert href.partition("#")[2] in anchors
        assert reader.get(card, **{"HX-Request": "true"}).status == 200


def test_every_line_of_the_contents_leads_somewhere(reader: Reader) -> None:
    text = reader.get("/policy").text
    contents = re.search(r'<nav class="contents".*?</nav>', text, re.DOTALL)
    assert contents
    targets = re.findall(r'href="#([^"]+)"', contents[0])
    assert len(targets) > 10
    assert all(f'id="{target}"' in text for target in targets)


def test_a_clause_card_says_text_version_and_what_the_ledger_has(reader: Reader) -> None:
    card = reader.get("/policy/clause/7.1", **{"HX-Request": "true"})
    assert "<html" not in card.text
    assert "somebody else's advertising" in card.words
    assert "2010-05-18 in force" in card.words
    assert re.search(r"On the ledger \d+ entr", card.words)


@pytest.mark.parametrize(
    "path",
    [
        *("/domains/order", "/whois?name=quill.example", "/rdap/domain/quill.example"),
        *("/policy/clause/99.99", "/policy/clause/%3Cscript%3E", "/policy/versions/1999"),
        *("/policy?version=nope", "/policy/compare/1/2", "/nowhere", "/mailbox/"),
    ],
)
def test_what_is_not_there_is_said_within_the_site(reader: Reader, path: str) -> None:
    page = reader.get(path)
    assert page.status == 404
    assert "Comm100" in page.words
    assert "What to do" in page.words
    assert "<script>" not in page.text
    assert page.headers.get_all("Set-Cookie") is None


def test_the_source_is_the_policy_file_itself(reader: Reader) -> None:
    source = reader.get("/policy.toml")
    assert source.headers["Content-Type"].startswith("application/toml")
    assert source.content == POLICY.read_bytes()
    assert reader.get("/policy.md").text.startswith("# Privacy at Comm100")


def test_the_picture_is_an_image_with_a_title(reader: Reader) -> None:
    picture = reader.get("/policy/picture.svg")
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert ET.fromstring(picture.content).find("{http://www.w3.org/2000/svg}title") is not None


def test_every_declared_cookie_is_on_the_cookie_page(reader: Reader) -> None:
    declared = re.findall(r'\[\[cookie\]\]\n(?:.*\n)*?name = "([^"]+)"', POLICY.read_text("utf-8"))
    assert declared
    words = reader.get("/cookies").words
    assert all(name in words for name in declared)


def test_security_txt_names_a_contact_and_expires_within_a_year(reader: Reader) -> None:
    page = reader.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in page.text.splitlines())
    assert page.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:privacy@comm100.example"
    expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert datetime.now(UTC) < expires < datetime.now(UTC) + timedelta(days=366)


def test_robots_leave_what_is_for_one_person_alone(reader: Reader) -> None:
    assert "Disallow: /preferences/" in reader.get("/robots.txt").text
    assert "--accent" in reader.get("/accent.css").text


def test_the_pages_are_accessible_and_fit(site: Site, page: BrowserPage) -> None:
    for path in [*PAGES, "/preferences/", "/policy/compare/2010-05-18/2010-05-18"]:
        page.goto(site.url + path)
        assert not for_everybody(page), path


def test_a_chip_opens_its_clause_beside_it(site: Site, page: BrowserPage) -> None:
    page.goto(site.url)
    page.locator("a.chip").first.click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("On the ledger")
    assert not axe(page)
    assert not page.context.cookies()
