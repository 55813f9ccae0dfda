"""Visitors of the pages: who is noted at all, what of them, and when they are somebody."""

from __future__ import annotations

import hashlib
import re
import uuid

import pytest

from proofs.asking import Asker
from proofs.campaigns.campaigning import NEWS, join, written
from proofs.company import Company
from proofs.customers import Customer
from proofs.visiting import answer, cookie, report, sent, stored, tallies, visitor
from support.pages import submit
from support.reader import Reader
from support.seeded import Seed

FIELDS = ("page", "link", "referrer", "terms", "browser", "language", "network")


def events(company: Company, person: str = "") -> list[tuple[object, ...]]:
    """Which fields hold something, of all events or of one person's."""
    chosen = ", ".join(f"e.{one} IS NOT NULL" for one in FIELDS)
    return company.rows(
        f"SELECT e.kind, {chosen} FROM web_event e JOIN people_person p ON p.id = e.person_id"
        " WHERE ? IN ('', p.id, p.root_id) ORDER BY e.at",
        person,
    )


def person_of(company: Company, number: str) -> tuple[str, str, str]:
    """The record of whoever's browser has this number: its id, its root, its state. The newest
    visitor is theirs, since nobody else comes meanwhile.
    """
    assert number
    [found] = company.rows(
        "SELECT p.id, p.root_id, r.state FROM web_visitor v JOIN people_person p"
        " ON p.id = v.person_id JOIN people_person r ON r.id = p.root_id"
        " ORDER BY v.first_at DESC LIMIT 1"
    )
    return found


@pytest.mark.clause("comm100-16", "comindware-05")
def test_an_event_comes_of_a_yes_and_of_nothing_else(company: Company) -> None:
    before, before_all = stored(company), tallies(company, "")
    silent = visitor(company)
    assert "/web/count.js" not in silent.get("/").text
    refusing = visitor(company)
    answer(refusing, "necessary")
    objecting = visitor(company, **{"Sec-GPC": "1"})
    answer(objecting, "all")
    for reader in (silent, refusing, objecting):
        assert report(reader, "/policy").status == 204
        assert reader.get("/web/pixel.gif", Referer=f"{reader.base}/policy").status == 200
        assert not cookie(reader)
    assert stored(company) == before
    yes = visitor(company, yes=True)
    page = yes.get("/")
    assert '<script src="/web/count.js"' in page.text
    assert '<noscript><img src="/web/pixel.gif"' in page.text
    assert report(yes, "/policy").status == 204
    number = cookie(yes)
    assert len(number) == 32
    yes.get("/web/pixel.gif", Referer=f"{yes.base}/cookies?x=1")
    assert cookie(yes) == number, "the same browser"
    views, visits, visitors = (
        now - then for now, then in zip(tallies(company, ""), before_all, strict=True)
    )
    assert (views, visitors) == (2, 1)
    assert visits >= 1
    answer(yes, "necessary")
    assert not cookie(yes)
    after = stored(company)
    report(yes, "/policy")
    assert stored(company) == after, "a no holds from the next page on"


@pytest.mark.clause("comm100-16")
def test_no_letter_has_a_picture_that_tells_or_a_link_that_is_followed(company: Company) -> None:
    seed, before = Seed.new(), stored(company)
    join(company, seed)
    asks = visitor(company)
    submit(asks, asks.get("/rights/ask/access"), "email", email=seed.email)
    company.mails(seed.email, "/rights/confirm/")
    written(company, NEWS["comm100"], [seed]).send()
    company.mails(seed.email, "The new pier")
    letters = [one for one in company.post.received if seed.email in one.recipients]
    assert len(letters) >= 3, "what answers, what asks, and the newsletter"
    for letter in letters:
        html, text = (letter.message.get_body((kind,)) for kind in ("html", "plain"))
        assert html is not None, letter.message["Subject"]
        assert text is not None, letter.message["Subject"]
        shown = str(html.get_content())
        assert re.search(r"<a [^>]*href=", shown), "it has links"
        for sign in ("<img", "url(", "<link", "/campaigns/open", "/campaigns/click", "pixel"):
            assert sign not in shown + str(text.get_content()), letter.message["Subject"]
    # And whoever makes up what such a picture or link would ask for is no event.
    reader = visitor(company, yes=True)
    for path in ("/campaigns/open/", "/campaigns/click/"):
        assert reader.get(path + "1-" + "0" * 20).status in (200, 404)
    assert stored(company)["event"] == before["event"]


@pytest.mark.clause("comm100-17")
def test_an_event_has_the_fields_of_the_clause(company: Company) -> None:
    reader = visitor(company, yes=True)
    assert report(reader, "/policy?token=abc#x").status == 204
    assert report(reader, "/policy", links="https://other.example/shop?order=5").status == 204
    mine, *_ = person_of(company, cookie(reader))
    # kind; page, link, referrer, search words, browser, language, network
    assert events(company, mine) == [
        ("view", 1, 0, 0, 0, 1, 1, 1),
        ("click", 1, 1, 0, 0, 1, 1, 1),
    ]
    before = stored(company)
    for more in ({"referrer": "https://a.example/"}, {"search-terms": "shoes"}, {"screen": "9"}):
        refused = sent(reader, {"pages": "/policy"} | more)
        assert refused.status == 422
        assert '"clause": "2.1"' in refused.text
    assert stored(company) == before
    raw = (company.site.home / "main.sqlite3").read_bytes()
    for value in (b"order=5", b"token=abc", reader.headers["X-Forwarded-For"].encode()):
        assert value not in raw
    # What is sealed in the file is opened on the page for those it is for.
    lately = company.staff().get("/console/web/now").words
    assert "/policy" in lately
    assert "token=abc" not in lately
    assert "order=5" not in lately


@pytest.mark.clause("comm100-11", "comm100-29")
def test_a_visitor_is_nobody_until_they_say_so(company: Company) -> None:
    reader, seed = visitor(company, yes=True), Seed.new()
    report(reader, "/policy")
    mine, root, state = person_of(company, cookie(reader))
    assert (mine, state) == (root, "anonymous")
    assert not company.rows("SELECT 1 FROM people_element WHERE person_id = ?", mine)
    other = visitor(company)  # somebody else, and their record
    company.send(other, "contact", name=seed.name, email=seed.email, message="Hello")
    [(theirs,)] = company.rows(
        "SELECT person_id FROM people_element ORDER BY collected_at DESC LIMIT 1"
    )
    assert theirs != mine
    assert not events(company, theirs)
    assert person_of(company, cookie(reader))[1:] == (mine, "anonymous")


@pytest.mark.clause("comm100-30", "comm100-11")
@pytest.mark.parametrize("way", ["pre-chat", "form", "log-in"])
def test_earlier_visits_are_theirs_once_they_say_who_they_are(company: Company, way: str) -> None:
    reader, seed = visitor(company, yes=True), Seed.new()
    report(reader, "/policy")
    report(reader, "/cookies", "/policy")
    mine, *_ = person_of(company, cookie(reader))
    if way == "form":
        company.send(reader, "contact", name=seed.name, email=seed.email, message="Hello")
    elif way == "pre-chat":
        version = reader.get("/policy.toml").text.split('version = "')[1].split('"')[0]
        chat = {
            "version": version,
            "text": "Hello",
            "id": str(uuid.uuid4()),
            "secret": "s" * 40,
            "values": {"name": seed.name, "email": seed.email},
        }
        opened = sent(reader, chat, to="/chat/open")
        assert opened.status == 201, opened.text
    else:
        sign_up(company, reader, seed)
    _, root, state = person_of(company, cookie(reader))
    assert (root != mine, state) == (True, "identified")
    assert len(events(company, root)) == 2
    report(reader, "/", "/cookies")
    assert len(events(company, root)) == 3, "and so are those that follow"


@pytest.mark.clause("comm100-30")
def test_joined_visits_are_in_their_package_and_go_with_them(company: Company) -> None:
    reader = visitor(company, yes=True)
    report(reader, "/policy")
    ada = Asker(company, Seed.new(), reader)
    company.send(reader, "contact", name=ada.seed.name, email=ada.seed.email, message="Hello")
    records = ada.package(ada.ask("access"))["data"]["records"]
    [viewed] = [one for one in records if one["value"] == "/policy"]
    assert viewed["collected_at_place"] == "Visiting our pages"
    assert viewed["clause"] == "2.1"
    mine, root, _ = person_of(company, cookie(reader))
    page = ada.ask("deletion")
    ada.does(page, "go-on")
    ada.finish(page)
    assert not events(company, root)
    assert not company.rows("SELECT 1 FROM web_visitor WHERE person_id = ?", mine)
    assert not company.rows("SELECT 1 FROM keyring_key WHERE owner = ?", mine, of="keyring")


@pytest.mark.clause("comintech-06")
def test_the_package_says_of_each_element_where_it_came_from(company: Company) -> None:
    ada = Asker.registered(company)
    company.send(ada.reader, "contact", name=ada.seed.name, email=ada.seed.email, message="Hello")
    ada.reader.get("/account/")
    records = ada.package(ada.ask_in_account("access"))["data"]["records"]
    of_the_person = [one for one in records if one["category"].startswith("user")]
    assert not [one["label"] for one in of_the_person if not one["collected_at_place"]]
    places = {one["category"]: set[str]() for one in of_the_person}
    for one in of_the_person:
        places[one["category"]].add(one["collected_at_place"])
    # What they typed themselves, form by form; what the log of log-ins took from their browser.
    assert {"Open an account", "Ask for help"} <= places["user.contact.email"]
    assert places["user.content.private"] == {"Ask for help"}
    assert places["user.device"]
    # And what logs and cookies tell is kept apart, by which of the two it came.
    report(visitor(company, yes=True), "/policy")
    visitor(company).get("/policy")
    sources = {row[0] for row in company.rows("SELECT DISTINCT source FROM web_tally")}
    assert sources == {"visit", "log"}
    seen = company.staff().get("/console/web/").words
    assert "What browsers report" in seen
    assert "Requests to the server" in seen


@pytest.mark.clause("comintech-16")
@pytest.mark.parametrize("way", ["form", "log-in"])
def test_no_bridge_leads_from_the_cookie_to_the_person(company: Company, way: str) -> None:
    reader, seed = visitor(company, yes=True), Seed.new()
    report(reader, "/policy")
    number = cookie(reader)
    assert len(number) == 32
    if way == "form":
        company.send(reader, "contact", name=seed.name, email=seed.email, message="Hello")
    else:
        sign_up(company, reader, seed)
    report(reader, "/", "/policy")
    assert cookie(reader) == number
    assert tallies(company, "page", "/policy")[0], "counted it is"
    assert not company.rows("SELECT 1 FROM web_visitor UNION ALL SELECT 1 FROM web_event")
    people = {row[0] for row in company.rows("SELECT id FROM people_person")}
    refs = {row[0] for row in company.rows("SELECT ref FROM people_person")}
    for table in ("web_tally", "web_seen", "web_salt", "web_lately"):
        for row in company.rows(f"SELECT * FROM {table}"):
            cells = {one for one in row if isinstance(one, str)}
            assert not cells & (people | refs)
    raw = b"".join(
        file.read_bytes()
        for file in company.site.home.glob("*.sqlite3*")
        if not file.name.endswith("-shm")
    )
    spellings = [number.encode(), bytes.fromhex(number), uuid.UUID(number).bytes]
    spellings += [hashlib.sha256(one).digest() for one in spellings[:2]]
    spellings += [hashlib.sha256(number.encode()).hexdigest().encode()]
    assert not [one for one in spellings if one in raw]


def sign_up(company: Company, reader: Reader, seed: Seed) -> None:
    """Register, open the link in the mail, and so be logged in."""
    customer = Customer(company, reader, seed)
    customer.register()
    customer.confirm()
