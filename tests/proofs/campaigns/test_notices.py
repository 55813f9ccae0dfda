"""Notices of maintenance and outages: to everybody, and nothing of marketing in them."""

from __future__ import annotations

import re

import pytest

from proofs.campaigns.campaigning import (
    choose,
    crew,
    html_of,
    join,
    notice,
    own_page,
    received,
    refuse_all,
    sent,
    who_got,
)
from proofs.company import Company, text_of
from support.pages import form
from support.reader import Page

NEWS = {"comm100": "newsletter", "com1": "product-news"}


@pytest.mark.clause("com1-14", "com1-18", "comm100-22")
def test_a_notice_reaches_everybody_and_news_only_who_has_not_refused(company: Company) -> None:
    people, news = crew(4), NEWS[company.site.company]
    join(company, *people)
    choose(company, people[1], off=[news])
    refuse_all(company, people[2])
    outage = notice(company, people, subject="An outage tonight")
    page = outage.page()
    assert "§" in page.words
    assert "It goes also to whoever refused news, offers and all solicitation" in page.words
    outage.send()
    assert who_got(company, people, "An outage tonight") == [True] * 4
    sent(company, news, people, subject="A new feature")
    assert who_got(company, people, "A new feature") == [True, False, False, True]
    [letter] = received(company, people[2], "An outage tonight")
    for header in ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Precedence"):
        assert letter.message[header] is None
    for part in (" ".join(text_of(letter).split()), html_of(letter)):
        assert "/unsubscribe" not in part
        assert "/campaigns/" not in part, "nothing in it is followed"
        assert "Unsubscribe" not in part
        assert re.search(r"§ [34]\.\d+ of our", part)
        assert "part of the service" in part
    assert "<img" not in html_of(letter)
    [other] = received(company, people[0], "A new feature")
    assert other.message["List-Unsubscribe"]
    assert "/campaigns/unsubscribe/" in text_of(other)
    page = own_page(company, people[0])
    switches = form(page, "shown")
    offered = {value for name, value in switches.fields + switches.boxes if name in ("shown", "on")}
    assert "service-notices" not in offered
    assert news in offered


@pytest.mark.clause("com1-14", "comm100-22")
def test_a_notice_cannot_carry_marketing_nor_news_be_sent_as_one(company: Company) -> None:
    people, news = crew(2), NEWS[company.site.company]
    join(company, *people)
    choose(company, people[1], off=[news])
    owner = company.staff("Owner")
    page = owner.get("/console/campaigns/notices/new")
    asked = form(page, "purpose")
    offered = {value for name, value in asked.fields + asked.boxes if name == "purpose"}
    assert offered == {"service-notices"}

    def tried(**changed: str) -> Page:
        given = {
            "name": "Pier", "subject": "Sale", "body": "Buy the pier.", "format": "markdown",
            "purpose": "service-notices", "kind": "notice", "do": "save",
        } | changed  # fmt: skip
        kept = [one for one in asked.fields if one[0] not in given]
        return owner.post(asked.action, [*kept, *given.items()])

    assert tried(purpose=news).status == 422
    liked = f'{{"by":"permitted","purpose":"{news}"}}'
    assert tried(segment=liked).status == 422
    picture = '<p>Look</p><img src="https://tracker.example/p.png" alt="">'
    refused = tried(body=picture, format="html")
    assert refused.status == 422
    assert "A notice carries no picture" in refused.words
    assert tried(body="It is back.").status == 200
    marketing = company.staff("Marketing").get("/console/campaigns/notices/new")
    assert "No notice can be written" in marketing.words
    news_page = form(owner.get("/console/campaigns/new"), "purpose")
    told = [value for name, value in news_page.fields + news_page.boxes if name == "purpose"]
    assert news in told
    assert "service-notices" not in told
