"""From the first words to the report, over real SMTP."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from proofs.campaigns.campaigning import (
    choose,
    crew,
    html_of,
    join,
    path_in,
    received,
    save,
    sent,
    sign_up,
    who_got,
    written,
)
from proofs.company import Company, text_of
from support.pages import form
from support.seeded import Seed


@pytest.mark.clause("comm100-06")
def test_written_tried_scheduled_sent_and_reported(company: Company) -> None:
    marketing, people, tester = company.staff("Marketing"), crew(3), Seed.new()
    join(company, *people)
    choose(company, people[2], off=["newsletter"])
    campaign = written(company, "newsletter", people, writer=marketing, subject="For {{ name }}")
    tried = campaign.test(tester.email)
    assert "accepted by the mail server" in tried.words
    assert len(received(company, tester, "[Test] For [name]")) == 1
    at = datetime.now(UTC) + timedelta(days=2)
    campaign.hand_in(when="later", at=f"{at:%Y-%m-%dT%H:%M}")
    assert campaign.state() == "scheduled"
    company.site.run("campaigns", "send", "--once", days_ahead=1)
    subject = f"For {people[0].name}"
    assert who_got(company, people, subject) == [False, False, False]
    company.site.run("campaigns", "send", "--once", days_ahead=3)
    assert campaign.state() == "done"
    assert who_got(company, people, subject) == [True, True, False]
    [letter] = received(company, people[0], subject)
    assert f"Dear {people[0].name}" in text_of(letter)
    assert letter.message["From"].endswith("<privacy@comm100.example>")
    assert "2 of 2 copies were accepted" in campaign.page("report").words


@pytest.mark.clause("comintech-41")
def test_each_kind_of_message_has_a_switch_or_is_essential(company: Company) -> None:
    people = crew(2)
    seed = people[0]
    for one in people:
        sign_up(company, one, yes_newsletter="on", yes_offers="on")
    page = choose(company, seed)
    offered = {value for name, value in form(page, "shown").fields if name == "shown"}
    offered |= {value for name, value in form(page, "shown").boxes if name == "on"}
    writing = form(company.staff("Owner").get("/console/campaigns/new"), "purpose")
    written_for = {value for name, value in writing.fields + writing.boxes if name == "purpose"}
    assert {"newsletter", "offers", "partner-mail", "panels", "interest"} == written_for
    assert written_for <= offered
    fixed = page.words.partition("Part of what you asked for")[0] + page.words
    for label in (
        "Providing what you asked for", "Your account and its safety", "Helping you",
        "Notices about your account and our terms",
    ):  # fmt: skip
        assert label in fixed
    for essential in ("fulfilment", "support", "account", "service-notices"):
        assert essential not in offered
        refused = save(company, essential, people)
        assert refused.status == 422
        assert company.why(purpose=essential, data="user.contact.email").startswith("permitted")
    for refusable in ("newsletter", "offers"):
        sent(company, refusable, people, subject=f"For {refusable}")
        assert who_got(company, people, f"For {refusable}") == [True, True]
        choose(company, seed, off=[refusable])
        sent(company, refusable, people, subject=f"After {refusable}")
        assert who_got(company, people, f"After {refusable}") == [False, True]


@pytest.mark.clause("comm100-23")
def test_a_partners_promotion_is_sent_by_the_company_and_nothing_leaves_for_it(
    company: Company,
) -> None:
    people = crew(3)
    join(company, *people)
    choose(company, people[1], off=["offers"])
    before = len(company.post.received)
    body = "Our partner [Maple Parcel](https://maple-parcel.example/deal) has a deal."
    sent(company, "offers", people, subject="A partner's offer", body=body)
    assert who_got(company, people, "A partner's offer") == [True, False, True]
    [letter] = received(company, people[0], "A partner's offer")
    assert letter.message["From"].endswith("<privacy@comm100.example>")
    assert "https://maple-parcel.example/deal" in text_of(letter)
    assert people[0].email not in html_of(letter).partition('href="')[2]
    asked = {one.email for one in people}
    recipients = {to for one in company.post.received[before:] for to in one.recipients}
    assert recipients == asked - {people[1].email}
    for party in ("prize-giver", "contact-agent", "survey-host", "seal"):
        said = company.why(purpose="offers", data="user.contact.email", to=party)
        assert said.startswith("denied"), said
    assert company.why(purpose="offers", data="user.contact.email").startswith("permitted")


@pytest.mark.clause("comindware-04")
def test_an_opening_is_counted_of_whoever_agreed_and_of_nobody_else(company: Company) -> None:
    people = crew(2)
    for seed in people:
        company.send(
            company.reader(), "get-in-touch",
            name=seed.name, email=seed.email, message=seed.message,
        )  # fmt: skip
    choose(company, people[0], on=["mail-statistics"])
    campaign = sent(company, "newsletter", people, subject_b="The other", share_b="1")
    letters = [
        one
        for seed in people
        for one in company.post.received
        if seed.email in one.recipients and "pier.example" in one.raw.decode()
    ]
    agreed, other = (html_of(letter) for letter in letters)
    pixel = path_in(agreed, "/campaigns/open/")
    assert "/campaigns/open/" not in other
    assert "/campaigns/click/" not in other
    assert "<img" not in other
    assert 'href="https://pier.example/in"' in other
    assert _opened(campaign.page("report").words) == 0
    assert company.reader().get(pixel).status == 200
    token = re.search(r"/campaigns/unsubscribe/([^\s\">]+)", other)
    assert token
    company.reader().get(f"/campaigns/open/{token[1]}")
    assert _opened(campaign.page("report").words) == 1
    [(opened,)] = company.rows(
        "SELECT count(*) FROM campaigns_copy WHERE opened_at IS NOT NULL AND campaign_id ="
        " (SELECT id FROM campaigns_campaign WHERE ref = ?)",
        campaign.path.rpartition("/")[2],
    )
    assert opened == 1


def _opened(report: str) -> int:
    """What the table of the two subjects says, in all."""
    assert "Counted only of those who said yes" in report
    found = re.findall(r"[AB]: [^(]+? (\d+) \([\d.]+%\)", report)
    return sum(map(int, found))
