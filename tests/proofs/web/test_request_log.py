"""The log of requests, read as the file it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from proofs.company import Company
from proofs.visiting import report, visitor
from support.seeded import Seed, assert_nowhere

FIELDS = [
    *("ip-address", "browser", "clicks", "region", "visit-time", "provider", "referrer", "pages"),
]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ADDRESS = "203.0.113.77"
COMES_WITH = {"User-Agent": FIREFOX, "Accept-Language": "de-AT,de;q=0.8"}
SEARCH = "https://search.example/find/people?q=Ada+Lovelace+divorce"


def logs(company: Company) -> list[Path]:
    return sorted((company.site.home / "requests").rglob("*.jsonl"))


def lines(company: Company) -> list[dict[str, Any]]:
    return [json.loads(line) for file in logs(company) for line in file.read_text().splitlines()]


@pytest.mark.clause("comintech-18")
def test_the_log_has_just_its_fields_and_ends_when_its_time_is_over(
    make_company: Callable[..., AbstractContextManager[Company]],
) -> None:
    seed = Seed.new()
    with make_company() as company:
        reader = company.reader(**COMES_WITH | {"X-Forwarded-For": ADDRESS})
        reader.get(f"/policy?name={quote(seed.name)}", Referer=SEARCH)
        first = lines(company)[-1]
        assert list(first) == FIELDS
        assert datetime.fromisoformat(first.pop("visit-time"))
        assert first == {
            "ip-address": "203.0.113.0/24",
            "browser": "Firefox on Linux",
            "clicks": None,
            "region": "AT",
            "provider": None,
            "referrer": "search.example/find/people",
            "pages": "/policy",
        }
        company.send(reader, "contact", name=seed.name, email=seed.email, message=seed.message)
        link = company.link(seed.email, "/preferences/")
        reader.get(link, Referer=f"{reader.base}/policy?q={seed.phone}")
        clicked = lines(company)[-1]
        assert clicked["pages"] == "/preferences/…"
        assert (clicked["clicks"], clicked["referrer"]) == ("/policy", None)
        reader.get(f"/{quote(seed.name)}/{seed.email}", Referer=f"{reader.base}{link}")
        assert lines(company)[-1]["pages"] == "(no such page)"
        assert lines(company)[-1]["clicks"] == "/preferences/…"
        reader.get("/forms/zebedee-quill")
        assert lines(company)[-1]["pages"] == "/forms/…"
        [file] = logs(company)
        assert file.stat().st_mode & 0o077 == 0
        raw = file.read_text()
        token = link.rstrip("/").rpartition("/")[2]
        for value in (ADDRESS, token, "Lovelace", "rv:140", "quill", seed.name.split()[0]):
            assert value.lower() not in raw.lower()
        assert_nowhere(seed.values(), company.site.home / "requests")
        assert not list(company.site.home.rglob("*access*log*")), "and there is no other"
        company.site.run("retention", "run", days_ahead=80)
        assert logs(company) == [file]
        company.site.run("retention", "run", "--confirm", days_ahead=95)
        assert logs(company) == []
        reader.get("/policy")
        assert [one["pages"] for one in lines(company)] == ["/policy"], "it goes on by itself"
    with make_company(parts=("web",), TROTH_REQUEST_ADDRESSES="none") as company:
        company.reader(**COMES_WITH | {"X-Forwarded-For": ADDRESS}).get("/policy")
        only = lines(company)[-1]
        assert (only["ip-address"], only["pages"]) == (None, "/policy")


@pytest.mark.clause("comintech-18")
def test_a_page_is_counted_by_the_pattern_of_its_address(company: Company) -> None:
    seed = Seed.new()
    company.send(company.reader(), "contact", name=seed.name, email=seed.email, message="Hello")
    link = company.link(seed.email, "/preferences/")
    reader = visitor(company, yes=True)
    assert reader.get(link).status == 200
    theirs = ("4711", seed.email, quote(seed.name), "k3Rm91x", link.rstrip("/").rpartition("/")[2])
    assert report(reader, link, "/forms/contact").status == 204
    for one in theirs:
        for path in (f"/preferences/{one}", f"/forms/{one}", f"/{one}", f"/account/reset/{one}/x"):
            assert report(reader, path, f"/surveys/{one}").status == 204
    kept = {str(cell) for row in company.rows("SELECT page, value FROM web_tally") for cell in row}
    assert {"/preferences/…", "/forms/contact", "/forms/…", "(no such page)"} <= kept
    for one in theirs:
        assert not [cell for cell in kept if one in cell or unquote(one) in cell]
