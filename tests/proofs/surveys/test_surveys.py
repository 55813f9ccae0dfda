"""Surveys: built, answered by whoever wants to, counted, and answered by nobody who said no."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

import pytest

from proofs.campaigns.campaigning import Campaign, choose, join, refuse_all, until, who_got
from proofs.company import Company, text_of
from support.pages import form, submit
from support.reader import Page
from support.seeded import Seed

ASKED = (
    ("How was the last answer you got?", "scale", ""),
    ("What do you use us for?", "some", "Chat\nMail\nForms"),
    ("What should be better?", "words", ""),
)


def made(company: Company, title: str, intro: str = "Three questions.") -> Page:
    """A survey as an owner builds it in the console: its page, not open yet."""
    owner = company.staff("Owner")
    page = submit(
        owner, owner.get("/console/surveys/new/survey"), "title", title=title, intro=intro
    )
    for words, kind, options in ASKED:
        page = submit(
            owner, page, "words", words=words, kind=kind, options=options, element="answers"
        )
    return page


def opened(company: Company, page: Page) -> str:
    """Open it; the address of its public page."""
    page = submit(company.staff("Owner"), page, to="/move", do="open")
    [address] = re.findall(r'href="(/surveys/[0-9a-f]+)"', page.text)
    return address


def contest(
    company: Company, title: str, *, prize: str = "A cup", prizes: str = "1", **more: list[str]
) -> Page:
    """A contest that closes in a month: its page, not open yet."""
    owner = company.staff("Owner")
    closes = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    page = owner.get("/console/surveys/new/contest")
    given = {"title": title, "closes_at": closes, "prize": prize, "prizes": prizes}
    return submit(owner, page, "title", **given, **more)


def enter(company: Company, address: str, seed: Seed, **more: str) -> Page:
    visitor = company.reader()
    page = visitor.get(address)
    return submit(visitor, page, "nonce", name=seed.name, email=seed.email, **more)


def entrants(company: Company) -> tuple[str, str]:
    """What the ledger calls whoever ticked the newsletter at an entry, and somebody who did not."""
    rows = company.rows(
        "SELECT p.ref, s.wishes FROM people_person p JOIN forms_submission s ON s.person_id = p.id "
        "WHERE s.touchpoint = 'surveys.contest' ORDER BY s.wishes"
    )
    assert "newsletter" in rows[0][1]
    assert "newsletter" not in rows[-1][1]
    return str(rows[0][0]), str(rows[-1][0])


def won(company: Company, people: list[Seed]) -> list[Seed]:
    """Whoever was told that they won, once somebody was."""

    def told() -> list[Seed]:
        having = [one for one in company.post.received if "You won" in one.message["Subject"]]
        return [seed for seed in people if any(seed.email in one.recipients for one in having)]

    until(told)
    return told()


def checked(company: Company, told: Page) -> None:
    """The number that decided has the digest that was on the ledger before anybody entered."""
    number, digest = re.findall(r'<code class="wrap">([0-9a-f]{64})</code>', told.text)
    assert sha256(bytes.fromhex(number)).hexdigest() == digest
    bodies = company.rows("SELECT body FROM ledger_entry") + company.rows(
        "SELECT body FROM ledger_pending"
    )
    opening = [json.loads(bytes(body)) for (body,) in bodies]
    [opened_with] = [
        one for one in opening if one["act"] == "surveys.opened" and digest in str(one["detail"])
    ]
    [drawn] = [
        one for one in opening if one["act"] == "surveys.drawn" and number in str(one["detail"])
    ]
    assert opened_with["at"] < drawn["at"]


@pytest.mark.clause("comm100-10")
def test_a_survey_is_built_opened_answered_and_counted(company: Company) -> None:
    owner = company.staff("Owner")
    draft = made(company, "How is our service?")
    assert company.reader().get("/surveys/").text.count("How is our service?") == 0
    address = opened(company, draft)
    assert "How is our service?" in company.reader().get("/surveys/").text
    secret = Seed.new().name
    for score, used, words in (("9", ["Chat", "Mail"], secret), ("4", ["Chat"], "")):
        visitor = company.reader()
        page = visitor.get(address)
        assert "What do you use us for?" in page.text
        done = submit(visitor, page, "nonce", q1=score, q2=used, q3=words)
        assert "Thank you" in done.text, done.words
    answers = company.rows("SELECT value FROM people_element WHERE touchpoint = 'surveys.answer'")
    assert len(answers) == 5
    assert all(secret.encode() not in bytes(value) for (value,) in answers)

    page = owner.get(f"/console{address}")
    shown = submit(owner, page, to="/results")
    assert "6.5 on average" in shown.words
    assert secret in shown.words
    assert "<svg" in shown.text
    bars = re.search(r"What do you use us for\?.*?</table>", shown.text, re.DOTALL)
    assert bars is not None
    assert re.search(r"Chat.{0,200}?2.*?Mail.{0,200}?1.*?Forms.{0,200}?0", bars[0], re.DOTALL)
    table = submit(owner, shown, to="/export").text
    assert "Chat; Mail" in table
    assert secret in table
    assert "@" not in table

    submit(owner, owner.get(f"/console{address}"), to="/move", do="close")
    closed = company.reader().get(address)
    assert (closed.status, "takes no more answers" in closed.words) == (410, True)
    assert form(page).action
    assert urlsplit(page.url).path.endswith(address)


@pytest.mark.clause("comm100-39")
def test_every_question_can_be_left_out(company: Company) -> None:
    address = opened(company, made(company, "All of it is voluntary"))
    visitor = company.reader()
    page = visitor.get(address)
    assert "every question can be left out" in page.words
    assert page.text.count("(required)") == 0
    before = company.rows("SELECT count(*) FROM surveys_response")
    assert "Thank you" in submit(visitor, page, "nonce").words
    [[more]] = company.rows("SELECT count(*) FROM surveys_response")
    assert more == before[0][0] + 1


@pytest.mark.clause("comm100-38", "comm100-39")
def test_an_entry_form_asks_what_its_clause_names_and_demands_what_winning_needs(
    company: Company,
) -> None:
    draft = contest(company, "Autumn contest", asks=["age-range"])
    address = opened(company, draft)
    visitor = company.reader()
    page = visitor.get(address)
    asked = form(page, "nonce").names()
    assert {"name", "email", "age-range"} <= asked
    assert "only what is marked as required is needed to tell you that you won" in page.words
    lacking = submit(visitor, page, "nonce", name="Ada")
    assert lacking.status == 422
    sent = form(page, "nonce")
    more = [*sent.fields, ("birthday", "2001-01-01"), ("name", "Ada"), ("email", "a@b.example")]
    refused = visitor.post(sent.action, more)
    assert (refused.status, "takes no birthday" in refused.words) == (422, True)
    seed = Seed.new()
    done = enter(company, address, seed)
    assert "takes part" in done.words
    held = company.rows(
        "SELECT e.name, e.category FROM people_element e JOIN surveys_response r ON "
        "e.record = r.id JOIN surveys_survey s ON s.id = r.survey_id WHERE s.title = ?",
        "Autumn contest",
    )
    assert {tuple(row) for row in held} == {
        ("name", "user.name"),
        ("email", "user.contact.email"),
    }


@pytest.mark.clause("comm100-38", "comm100-40")
def test_a_contest_ends_with_a_draw_and_its_winner_is_told_and_told_of_nothing_else(
    company: Company,
) -> None:
    address = opened(company, contest(company, "Win a teapot", prize="A teapot", prizes="1"))
    people = [Seed.new() for _ in range(3)]
    for seed in people:
        assert "takes part" in enter(company, address, seed).words
    again = enter(company, address, people[0])
    assert "takes part" in again.words, "it says the same to whoever entered before"
    wants = Seed.new()
    enter(company, address, wants, yes_contest_newsletter="on")
    owner = company.staff("Owner")
    page = owner.get(f"/console{address}")
    assert "Draw the winners" not in page.words
    submit(owner, page, to="/move", do="close")
    drawn = submit(owner, owner.get(f"/console{address}"), to="/move", do="draw")
    assert "Drawn" in drawn.words
    everybody = [*people, wants]
    [winner] = won(company, everybody)
    [letter] = company.mails(winner.email, "You won: A teapot")
    assert letter.message["List-Unsubscribe"] is None
    number = re.search(r"number ([0-9a-f]{8})", text_of(letter))
    told = company.reader().get(address)
    assert number is not None
    assert number[1] in told.words
    for seed in everybody:
        assert seed.email not in told.text
    checked(company, told)
    assert "Draw the winners" not in owner.get(f"/console{address}").words

    ticked, plain = entrants(company)
    mail = {"purpose": "contest-newsletter", "data": "user.contact.email"}
    assert company.why(**mail, person=ticked).startswith("denied"), "nobody confirmed it yet"
    confirming = company.reader()
    page = confirming.get(company.link(wants.email, "/forms/confirm/"))
    assert "on the record" in submit(confirming, page, to="/forms/confirm/").words, page.words
    assert company.why(**mail, person=ticked).startswith("permitted")
    assert company.why(**mail, person=plain).startswith("denied")


@pytest.mark.clause("comantra-09")
def test_an_invitation_reaches_whom_it_may(company: Company) -> None:
    people = [Seed.new() for _ in range(3)]
    join(company, *people[:2])
    choose(company, people[1], off=["surveys"])
    refuse_all(company, people[2])  # known, and for nothing else
    address = opened(company, made(company, "Was the repair good?"))
    owner = company.staff("Owner")
    draft = submit(owner, owner.get(f"/console{address}"), to="/move", do="invite")
    campaign = Campaign(company, urlsplit(draft.url).path, owner)
    campaign.send()
    got = who_got(company, people, "Was the repair good?")
    assert got == [True, False, False]
    [letter] = company.mails(people[0].email, "Was the repair good?")
    assert address in text_of(letter)
    assert "/unsubscribe" in text_of(letter)
