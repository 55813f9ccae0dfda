"""What people choose, and that it holds at the gate."""

from __future__ import annotations

import json
import re

import pytest

from proofs.campaigns.campaigning import (
    answer,
    crew,
    join,
    leave,
    mail_in,
    own_page,
    received,
    sent,
    sign_up,
    until,
    who_got,
)
from proofs.company import Company, submit
from support.pages import form
from support.reader import Page
from support.seeded import Seed

EMAIL = "user.contact.email"


def ref_of(page: Page) -> str:
    return page.url.rpartition("/preferences/")[2].partition("~")[0]


def receipts(company: Company, page: Page) -> list[str]:
    links = re.findall(r'href="([^"]+/receipts/[^"]+\.jsonld)"', page.text)
    return [company.reader().get(link).text for link in dict.fromkeys(links)]


@pytest.mark.clause("comantra-40")
def test_the_newsletter_is_offered_unticked_and_the_choice_is_kept_in_its_words(
    company: Company,
) -> None:
    page = company.reader().get("/account/register/")
    box = re.search(r'<input[^>]*name="yes-newsletter"[^>]*>', page.text)
    assert box
    assert "checked" not in box[0]
    wording = "Yes: Our newsletter"
    assert wording in page.words
    people = crew(2)
    sign_up(company, people[0], yes_newsletter="on")
    sign_up(company, people[1])
    sent(company, "newsletter", people)
    assert who_got(company, people) == [True, False]
    [yes] = [one for one in receipts(company, own_page(company, people[0])) if wording in one]
    assert "newsletter" in yes
    assert "2011-10-06" in yes
    assert json.loads(yes)
    assert not any(wording in one for one in receipts(company, own_page(company, people[1])))


@pytest.mark.clause("com1-17")
def test_a_form_without_log_in_stops_the_company_and_its_partners(company: Company) -> None:
    people = crew(2)
    join(company, *people)
    refs = [ref_of(own_page(company, seed)) for seed in people]
    for purpose in ("product-news", "partner-offers"):
        sent(company, purpose, people, subject=f"Before {purpose}")
        assert who_got(company, people, f"Before {purpose}") == [True, True]
    page = company.reader().get("/forms/no-solicitation")
    asked = form(page, "nonce").names() - {"nonce", "homepage", "under_the_age"}
    assert asked == {"email"}
    company.send(company.reader(), "no-solicitation", email=people[0].email)
    for purpose in ("product-news", "partner-offers"):
        sent(company, purpose, people, subject=f"After {purpose}")
        assert who_got(company, people, f"After {purpose}") == [False, True]
        said = [company.why(purpose=purpose, data=EMAIL, person=ref) for ref in refs]
        assert [one.partition(":")[0] for one in said] == ["denied", "permitted"]
    lists = company.staff("Owner")
    for purpose in ("product-news", "partner-offers"):
        path = f"/console/campaigns/lists?purpose={purpose}&way=post"
        made = submit(lists, lists.get(path), "way")
        assert refs[1] in made.text
        assert refs[0] not in made.text


@pytest.mark.clause("comintech-43")
def test_a_mail_with_the_word_is_enough_and_nobody_is_at_work_for_it(company: Company) -> None:
    people = crew(3)
    join(company, *people)
    to = "info@comintech.example"
    said = answer(people[0], "unsubscribe", subject="Hello")
    before = _by_mail(company)
    mail_in(company, to, said, people[0].email)
    until(lambda: _by_mail(company) > before)
    other = answer(people[1], "When do you open?\nI do not want to unsubscribe.", subject="Opening")
    mail_in(company, to, other, people[1].email)
    assert company.mails(people[1].email, "[#"), "what is no such word is for people"
    for purpose in ("offers", "newsletter"):
        sent(company, purpose, people, subject=f"Next {purpose}")
        assert who_got(company, people, f"Next {purpose}") == [False, True, True]
    assert not [
        one for one in company.post.received
        if people[0].email in one.recipients and "[#" in str(one.message["Subject"])
    ]  # fmt: skip


def _by_mail(company: Company) -> int:
    [(count,)] = company.rows("SELECT count(*) FROM choices_choice WHERE way = 'unsubscribe-mail'")
    return int(count)


@pytest.mark.clause("comm100-50")
def test_a_no_holds_at_once_and_its_clock_is_shown(company: Company) -> None:
    people = crew(2)
    join(company, *people)
    sent(company, "newsletter", people)
    page = leave(company, received(company, people[0])[0])
    said = page.words.replace("\u202f", " ")
    assert "It took effect at once" in said
    assert "10 business days" in said
    assert "§ 8.4" in said
    sent(company, "newsletter", people, subject="A moment later")
    assert who_got(company, people, "A moment later") == [False, True]
    own = own_page(company, people[0])
    assert "You said no on" in own.words
    assert any("newsletter" in one for one in receipts(company, own))


@pytest.mark.clause("comindware-22")
def test_what_is_optional_can_be_blank_and_what_is_missing_is_named(company: Company) -> None:
    seed = Seed.new()
    page = company.reader().get("/forms/demo")
    assert "without an address no demo can be arranged" in page.words
    asked = form(page, "nonce").names()
    assert {"phone", "job-title", "team-size", "wish"} <= asked
    reader = company.reader()
    people = company.rows("SELECT count(*) FROM people_person")
    lacking = company.send(reader, "demo", name=seed.name)
    assert lacking.status == 422
    errors = re.findall(r'id="id_(\w+)-error"', lacking.text)
    assert {"email", "company"} <= set(errors), errors
    assert not {"phone", "job-title", "team-size", "wish"} & set(errors)
    assert company.rows("SELECT count(*) FROM people_person") == people
    done = company.send(reader, "demo", name=seed.name, email=seed.email, company=seed.company)
    assert "/forms/sent/" in done.url
    assert company.mails(seed.email)
