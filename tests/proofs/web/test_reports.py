"""What is made of visits: reports in which nobody is, and figures that go to others."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from datetime import UTC, datetime

import pytest

from proofs.company import Company
from proofs.deciding import answers, passed, shipped
from proofs.visiting import (
    FIREFOX,
    SAFARI,
    alike,
    answer,
    cookie,
    figures,
    report,
    sent,
    stored,
    tallies,
    visitor,
)
from support.pages import form
from support.reader import Reader

HISTORY = "user.behavior.browsing_history"
REPORT = "/console/web/?days=7"


@pytest.mark.clause("comantra-33", "comantra-11")
def test_the_report_works_for_whoever_refused_and_knows_nobody(company: Company) -> None:
    before = tallies(company, "page", "/policy")
    refusing = visitor(company)
    answer(refusing, "necessary")
    objecting = visitor(company, agent=SAFARI, **{"Sec-GPC": "1"})
    for reader in (refusing, objecting):
        assert "/web/count.js" in reader.get("/").text
        assert report(reader, "/policy").status == 204
        assert report(reader, "/cookies", "/policy").status == 204
        assert cookie(reader) == ""
    now = tallies(company, "page", "/policy")
    assert (now[0] - before[0], now[2]) == (2, 0), "counted, and no visitor told from another"
    page = company.staff().get(REPORT)
    assert int(figures(page)["Views"].replace(",", "")) >= 4
    assert "Visitors" not in figures(page)
    assert "/policy" in page.words
    assert "Phone" in page.words
    # No identity in its rows: none is kept at all, and none of what a report is made of has one.
    kept = stored(company)
    assert [kept[one] for one in ("event", "visitor", "seen", "salt")] == [0, 0, 0, 0]
    columns = {row[1] for row in company.rows("PRAGMA table_info(web_tally)")}
    assert columns == {
        *("id", "organisation_id", "source", "span", "day", "page", "dimension", "value"),
        *("views", "visits", "visitors"),
    }
    raw = (company.site.home / "main.sqlite3").read_bytes()
    raw += (company.site.home / "main.sqlite3-wal").read_bytes()
    for told in (FIREFOX, SAFARI, refusing.headers["X-Forwarded-For"]):
        assert told.encode() not in raw


@pytest.mark.clause("comintech-12")
def test_an_event_with_any_other_field_is_turned_away(company: Company) -> None:
    reader = visitor(company, yes=True)
    assert report(reader, "/policy", clicks="https://a.example/x", actions="download").status == 204
    before, denied = stored(company), refusals(company)
    others = {
        "referrer": "https://a.example/", "search-terms": "mail", "screen": "1024x768",
        "name": "Ann", "visit-time": "2020-01-01", "region": "Chile", "visitor-id": "77",
    }  # fmt: skip
    for key, value in others.items():
        refused = sent(reader, {"pages": "/policy", key: value})
        assert refused.status == 422, key
        told = json.loads(refused.text)
        assert told["clause"] == "2.19"
        assert value not in told["title"] + told["detail"]
    assert stored(company) == before
    assert refusals(company) > denied, "and it stands on the ledger"
    assert not {"referrer", "terms", "language"} & values_of_visits(company)


def refusals(company: Company) -> int:
    found = company.rows("SELECT body FROM ledger_pending UNION ALL SELECT body FROM ledger_entry")
    return sum(b"not-in-clause" in bytes(row[0]) for row in found)


def values_of_visits(company: Company) -> set[str]:
    """The kinds of what browsers reported."""
    rows = company.rows("SELECT DISTINCT dimension FROM web_tally WHERE source = 'visit'")
    return {row[0] for row in rows}


@pytest.mark.clause("comintech-15")
def test_what_visits_tell_serves_the_site_and_no_marketing(company: Company) -> None:
    report(visitor(company, yes=True), "/policy")
    page = company.staff().get(REPORT)
    assert page.status == 200
    assert figures(page)
    denied = company.staff().get(REPORT + "&purpose=offers")
    assert denied.status == 403
    assert "3.5" in denied.words
    assert company.staff("Marketing").get(REPORT).status == 403
    known = tomllib.loads(shipped("comintech"))["purposes"]
    marketing = {key for key, one in known.items() if one["use"].startswith("marketing")}
    assert {"newsletter", "offers", "partner-mail"} <= marketing
    asked = ["statistics", *sorted(marketing)]
    said = answers(company.site, purposes=asked, data=[HISTORY, "user.device.cookie_id"])
    assert {purpose for purpose, _, _ in passed(said)} == {"statistics"}
    # The store holds nothing that a mailing could be aimed at.
    assert not company.rows("SELECT 1 FROM web_event UNION ALL SELECT 1 FROM web_visitor")


@pytest.mark.clause("comintech-19")
def test_the_log_runs_the_site_in_aggregate(company: Company) -> None:
    before = tallies(company, "page", "/policy", source="log")
    refusing = visitor(company)
    answer(refusing, "necessary")
    refusing.get("/policy", Referer="https://search.example/?q=secret+words")
    visitor(company, agent=SAFARI).get("/policy?token=verysecret")
    visitor(company, agent="Googlebot/2.1 (+http://www.google.com/bot.html)").get("/policy")
    company.staff().get("/policy", **{"User-Agent": FIREFOX})
    visitor(company).get("/policy", **{"Sec-Purpose": "prefetch"})
    now = tallies(company, "page", "/policy", source="log")
    assert now[0] - before[0] == 2, "no program, no staff, nothing fetched beforehand"
    page = company.staff().get(REPORT + "&source=log")
    assert page.status == 200
    for there in ("/policy", "search.example", "Firefox", "Safari", "Phone"):
        assert there in page.words
    raw = (company.site.home / "main.sqlite3").read_bytes()
    raw += (company.site.home / "main.sqlite3-wal").read_bytes()
    for gone in (b"verysecret", b"secret+words", refusing.headers["X-Forwarded-For"].encode()):
        assert gone not in raw


@pytest.mark.clause("comm100-25", "comindware-08")
def test_there_is_a_report_and_a_trend(company: Company) -> None:
    reader = visitor(company, yes=True)
    before = tallies(company, "")
    report(reader, "/policy")
    report(reader, "/", "/policy")
    report(reader, "/policy", "/")
    page = company.staff().get(REPORT)
    assert [int(figures(page)[one]) for one in ("Visitors", "Visits", "Views")] == [
        *(before[2] + 1, before[1] + 1, before[0] + 3)
    ]
    assert re.search(r"/policy</a></th><td class=\"number\">\d+", page.text)
    assert "Day by day" in page.words
    one = company.staff().get(REPORT + "&page=/policy")
    assert int(figures(one)["Views"]) == tallies(company, "page", "/policy")[0]
    trend = company.staff().get("/console/web/trends")
    assert "Month by month" in trend.words
    assert "What rises and falls" in trend.words
    if company.site.company == "comindware":
        # The clause names marketing of the company's own, so that is what it may be looked at for.
        marketing = company.staff("Marketing").get("/console/web/trends")
        assert marketing.status == 200
        assert "Trends for our own marketing" in marketing.words
        refused = company.staff("Marketing").get("/console/web/trends?purpose=newsletter")
        assert refused.status == 403
    lately = company.staff().get("/console/web/now")
    assert "/policy" in lately.words


@pytest.mark.clause("com1-15", "comintech-35")
def test_figures_go_out_in_groups_that_are_large_enough(company: Company) -> None:
    least, to, source = {
        "com1": (20, "statistics-house~statistics", "visit"),
        "comintech": (25, "traffic-analyst~operation", "log"),
    }[company.site.company]
    crowd, few = "/preferences/", "/account/login/"
    first = visitor(company, yes=source == "visit")
    people = [alike(company, first, f"198.20.{at}.7") for at in range(least)]
    for at, reader in enumerate(people):
        look(reader, crowd, source)
        if at < (least - 1 if source == "visit" else 2):
            look(reader, few, source)
    for _ in range(12):
        look(people[0], few, source)
    owner = company.staff()
    page = owner.get("/console/web/figures")
    assert f"{least} visitors" in page.words
    token = [pair for pair in form(page, "kind").fields if pair[0] == "csrfmiddlewaretoken"]
    month = ("month", f"{datetime.now(UTC):%Y-%m}")
    made = {
        name: owner.post(
            "/console/web/figures", [*token, ("to", to), ("kind", "page"), month, ("format", name)]
        )
        for name in ("csv", "json")
    }
    rows = list(csv.reader(io.StringIO(made["csv"].content.decode("utf-8-sig"))))
    named = {row[0]: int(row[1]) for row in rows[1:]}
    assert named[crowd] >= least // 10 * 10
    assert few not in named, "many views of too few"
    told = json.loads(made["json"].text)
    assert told["smallest_group"] == least
    assert {group["value"] for group in told["groups"]} == set(named)
    assert set(told["groups"][0]) == {"value", "views", "visits"}
    for reader in people:
        assert not cookie(reader) or cookie(reader) not in made["json"].text
    assert not re.search(r"[0-9a-f]{32}", made["json"].text)
    # Nobody else gets them, and of another kind of data nothing goes at all.
    partner = next(
        one
        for one in ("marketing-partner", "business-partner", "support-agent", "payments")
        if one in owner.get("/policy.toml").text
    )
    for other, what in ((f"{partner}~{to.partition('~')[2]}", "page"), (to, "browser")):
        refused = owner.post("/console/web/figures", [*token, ("to", other), ("kind", what), month])
        assert refused.status == 403
    entries = owner.get("/console/ledger").words
    assert "gate.figures_given" in entries or "figures over groups" in entries


def look(reader: Reader, page: str, source: str) -> None:
    if source == "visit":
        assert report(reader, page).status == 204
    else:
        assert reader.get(page).status == 200
