"""Links to other people's sites say that they leave."""

from __future__ import annotations

import re

import pytest

from proofs.campaigns.campaigning import crew, join, sent
from proofs.company import Company
from support.reader import Page

LINK = re.compile(r'<a\b[^>]*href="((?:https?:)?//[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
MARK = "(leads to another site)"
BODY = """
Read [what a neighbour writes](https://neighbour.example/pier), in
[another place](https:/neighbour.example/quay) too, our
[own pages](https://www.comintech.example/pier) or [the policy](/policy).
"""


def outbound(company: Company, page: Page) -> dict[str, str]:
    """The links of a page to a host that is none of the company's, with what they say."""
    here = page.url.split("/")[2]
    own = (f"//{here}/", "//www.comintech.example/")
    return {to: words for to, words in LINK.findall(page.text) if not any(o in to for o in own)}


@pytest.mark.clause("comintech-50")
def test_a_link_to_another_site_carries_the_notice_of_leaving(company: Company) -> None:
    people = crew(1)
    join(company, *people)
    sent(company, "newsletter", people, body=BODY, in_archive="on")
    [ref] = company.rows(
        "SELECT ref FROM campaigns_campaign WHERE in_archive ORDER BY created_at DESC LIMIT 1"
    )
    page = company.reader().get(f"/news/{ref[0]}")
    assert page.status == 200, page.words
    found = outbound(company, page)
    assert set(found) == {"https://neighbour.example/pier"}
    assert MARK in found["https://neighbour.example/pier"]
    assert "\u2197" in found["https://neighbour.example/pier"], "to be seen too"
    assert "leave this site" in page.words
    assert "where other rules hold" in page.words
    assert "1.3" in page.text.partition("leave this site")[2]
    [quay] = re.findall(r'href="https:/neighbour[^"]*"[^>]*>(.*?)</a>', page.text, re.DOTALL)
    assert MARK in quay, "browsers mend what is written with one slash"
    # What stays with the company is not marked, and a page without such links has no notice.
    assert page.text.count(MARK) == 2
    assert MARK not in dict(LINK.findall(page.text))["https://www.comintech.example/pier"]
    for path in ("/", "/policy", "/forms/contact", "/account/login/", "/preferences", "/news/"):
        other = company.reader().get(path)
        links = outbound(company, other)
        assert all(MARK in words for words in links.values()), (path, links)
        assert ("leave this site" in other.words) == bool(links), path
