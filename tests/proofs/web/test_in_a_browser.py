"""A real browser comes by a link, looks at two pages, and tells what the clause names."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request

from proofs.company import Company
from proofs.visiting import tallies

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
    " Safari/537.36"
)
ELSEWHERE = "http://search.localhost/results?q=laptop+repair&session=abc123"
LINKING = '<meta name="referrer" content="unsafe-url"><a href="{}">A result</a>'


@pytest.mark.clause("comantra-32")
def test_a_visit_by_a_link_with_a_search_tells_the_four_things(
    company: Company, new_page: Callable[..., Page]
) -> None:
    page = new_page(user_agent=CHROME, locale="de-DE")
    told: list[Request] = []
    page.on("request", lambda one: told.append(one) if "/web/report" in one.url else None)
    words = tallies(company, "terms", "laptop repair")
    link = f"{company.site.url}/policy?gclid=secret99"
    page.route(
        "http://search.localhost/**",
        lambda route: route.fulfill(body=LINKING.format(link), content_type="text/html"),
    )
    page.goto(ELSEWHERE)
    with page.expect_response("**/web/report"):
        page.get_by_role("link", name="A result").click()
    with page.expect_response("**/web/report"):
        page.get_by_role("link", name="Home", exact=True).first.click()
    bodies = [json.loads(one.post_data or "{}") for one in told]
    assert bodies[0] == {
        "pages": ["/policy"],
        "referrer": "http://search.localhost/results",
        "search-terms": "laptop repair",
    }
    assert bodies[1:] == [{"pages": ["/", "/policy"]}], "it is one visit"
    assert tallies(company, "terms", "laptop repair")[0] == words[0] + 1
    rows = company.rows("SELECT dimension, value FROM web_tally WHERE span = 'day' AND page = ''")
    kinds = {dimension for dimension, _ in rows}
    assert kinds <= {"", "page", "entry", "exit", "referrer", "terms"} | {
        *("browser", "system", "device")
    }
    for row in (
        ("page", "/policy"),
        ("referrer", "search.localhost/results"),
        ("browser", "Chrome"),
        ("system", "Linux"),
    ):
        assert row in rows
    rows = company.rows("SELECT * FROM web_tally") + company.rows("SELECT * FROM web_lately")
    everything = "\n".join(map(str, rows))
    for gone in ("secret99", "abc123", "141.0", "de-DE"):
        assert gone not in everything
    assert page.context.cookies() == []
    program = company.reader().get("/web/count.js").text
    assert not [word for word in ("Storage", "cookie", "indexedDB") if word in program]
