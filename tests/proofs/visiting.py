"""Looking at the pages of a company as a browser does: its script's reports, and its choice."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

from proofs.company import Company
from support.pages import submit
from support.reader import Page, Reader

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def visitor(company: Company, *, agent: str = FIREFOX, yes: bool = False, **more: str) -> Reader:
    """A new browser, which says yes to statistics or says nothing."""
    reader = company.reader(**{"User-Agent": agent, "Accept-Language": "de-AT,de;q=0.8"} | more)
    if yes:
        answer(reader, "all")
    return reader


def alike(company: Company, reader: Reader, address: str) -> Reader:
    """Another browser at another address, which chose what this one did: what is kept of a choice
    is the same in both.
    """
    other = visitor(company, **{"X-Forwarded-For": address})
    for one in reader.cookies:
        if one.name == "troth_cookies":
            other.cookies.set_cookie(one)
    return other


def answer(reader: Reader, choice: str) -> None:
    """Answer the question about cookies: `all` or `necessary`."""
    submit(reader, reader.get("/cookies"), "choice", choice=choice)


def cookie(reader: Reader, name: str = "troth_visitor") -> str:
    """What the browser keeps under a name."""
    return next((one.value or "" for one in reader.cookies if one.name == name), "")


def report(reader: Reader, *pages: str, **told: Any) -> Page:
    """What the script of a page sends: the page, perhaps the one before, and more."""
    body = {name.replace("_", "-"): value for name, value in told.items()}
    return sent(reader, ({"pages": list(pages)} if pages else {}) | body)


def sent(reader: Reader, body: Any, *, to: str = "/web/report", **headers: str) -> Page:
    """A report as it is: an object, or whatever the caller makes of it."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    address = reader.base + to
    return reader._open(
        urllib.request.Request(
            address, raw, {"Content-Type": "text/plain"} | reader.headers | headers
        )
    )


def tallies(company: Company, dimension: str, value: str = "", *, source: str = "visit") -> Any:
    """Views, visits and visitors of today, of the whole site."""
    found = company.rows(
        "SELECT sum(views), sum(visits), sum(visitors) FROM web_tally"
        " WHERE span = 'day' AND page = '' AND dimension = ? AND value = ? AND source = ?",
        dimension,
        value,
        source,
    )
    return tuple(one or 0 for one in found[0])


def stored(company: Company) -> dict[str, int]:
    """How many rows there are of what browsers report."""
    of = {
        "event": "web_event",
        "visitor": "web_visitor",
        "lately": "web_lately",
        "tally": "web_tally WHERE source = 'visit'",
        "salt": "web_salt WHERE source = 'visit'",
        "seen": "web_seen s JOIN web_salt k ON k.id = s.salt_id WHERE k.source = 'visit'",
    }
    return {name: company.rows(f"SELECT count(*) FROM {rows}")[0][0] for name, rows in of.items()}


def values(company: Company) -> dict[str, set[str]]:
    """All that was counted, by what it is of."""
    found: dict[str, set[str]] = {}
    for dimension, value in company.rows("SELECT DISTINCT dimension, value FROM web_tally"):
        found.setdefault(dimension, set()).add(value)
    return found


def figures(page: Page) -> dict[str, str]:
    """The numbers at the top of the report."""
    found = re.findall(r"<dt>(\w+)</dt><dd><strong>([\d,]+)</strong>", page.text)
    return dict(found)
