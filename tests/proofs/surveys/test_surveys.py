"""Surveys: built, answered by whoever wants to, counted, and answered by nobody who said no."""

from __future__ import annotations

import hmac
import json
import re
import sqlite3
from contextlib import closing
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


def its_time_comes(company: Company, address: str) -> None:
    """What waiting until the time on its page would come to."""
    ref, past = address.rpartition("/")[2], datetime.now(UTC) - timedelta(minutes=1)
    with closing(sqlite3.connect(company.site.home / "main.sqlite3", timeout=30)) as database:
        database.execute(
            "UPDATE surveys_survey SET closes_at = ? WHERE ref = ?",
            (f"{past:%Y-%m-%d %H:%M:%S.%f}", ref),
        )
        database.commit()


def numbered(company: Company, seed: Seed) -> str:
    """The number somebody was told when they entered."""
    [mail] = company.mails(seed.email, "Your entry has the number")
    [number] = re.findall(r"number \**([0-9a-f]{32})", text_of(mail))
    return str(number)


def worked_out(company: Company, told: Page) -> tuple[list[str], list[str]]:
    """Who took part and who won, by nothing but what everybody may read, as the page says how."""
    [path] = re.findall(r'href="(/surveys/[0-9a-f]+/draw\.json)"', told.text)
    found = json.loads(company.reader().get(path).text)
    key, entries = bytes.fromhex(found["lot"]), found["entries"]
    order = sorted(entries, key=lambda one: hmac.digest(key, one.encode(), "sha256"))
    sealed = sha256(key).hexdigest()
    listed = sha256("".join(f"{one}\n" for one in sorted(entries)).encode()).hexdigest()
    assert {found["lot"], sealed, listed} <= set(re.findall(r"[0-9a-f]{64}", told.text))
    # What decided was on the ledger, as its digest, before anybody entered.
    bodies = [
        json.loads(bytes(body))
        for (body,) in company.rows(
            "SELECT body FROM ledger_entry UNION SELECT body FROM ledger_pending"
        )
    ]
    [began] = [b for b in bodies if b["detail"].get("sealed") == sealed]
    [drawn] = [b for b in bodies if b["detail"].get("lot") == found["lot"]]
    assert (began["act"], drawn["act"]) == ("surveys.opened", "surveys.drawn")
    assert drawn["detail"]["list"] == listed
    entered = [
        b["at"]
        for b in bodies
        if b["act"] == "forms.submitted" and began["at"] < b["at"] < drawn["at"]
    ]
    assert len(entered) >= len(entries)
    return entries, order[: found["prizes"]]


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
    everybody = [*people, wants]
    numbers = {seed: numbered(company, seed) for seed in everybody}
    owner = company.staff("Owner")
    # Before the time on its page nobody closes it or draws, whatever they press.
    page = owner.get(f"/console{address}")
    assert "Draw the winners" not in page.words
    [token] = page.inputs("csrfmiddlewaretoken")[:1]
    for act in ("close", "draw"):
        sent = [("csrfmiddlewaretoken", token), ("do", act)]
        assert owner.post(f"/console{address}/move", sent).status in {403, 409}
    assert company.reader().get(address).status == 200
    assert company.reader().get(f"{address}/draw.json").status == 404
    its_time_comes(company, address)
    assert company.reader().get(address).status == 410
    drawn = submit(owner, owner.get(f"/console{address}"), to="/move", do="draw")
    assert "Drawn" in drawn.words
    [winner] = won(company, everybody)
    [letter] = company.mails(winner.email, "You won: A teapot")
    assert letter.message["List-Unsubscribe"] is None
    told = company.reader().get(address)
    assert numbers[winner] in told.words
    assert "HMAC-SHA-256" in told.words
    for seed in everybody:
        assert seed.email not in told.text
    entries, first = worked_out(company, told)
    assert set(entries) == set(numbers.values())
    assert first == [numbers[winner]]
    assert numbers[winner] in text_of(letter)
    assert "Draw the winners" not in owner.get(f"/console{address}").words

    ticked, plain = entrants(company)
    mail = {"purpose": "contest-newsletter", "data": "user.contact.email"}
    assert company.why(**mail, person=ticked).startswith("denied"), "nobody confirmed it yet"
    confirming = company.reader()
    page = confirming.get(company.link(wants.email, "/forms/confirm/"))
    assert "on the record" in submit(confirming, page, to="/forms/confirm/").words, page.words
    assert company.why(**mail, person=ticked).startswith("permitted")
    assert company.why(**mail, person=plain).startswith("denied")


@pytest.mark.clause("comm100-38")
def test_a_contest_ends_later_than_its_page_said_only_if_all_who_entered_are_told(
    company: Company,
) -> None:
    address = opened(company, contest(company, "Win a lamp", prize="A lamp"))
    early, owner = Seed.new(), company.staff("Owner")
    enter(company, address, early)
    number = numbered(company, early)
    before = re.findall(r"Open until ([^.]*)\.", company.reader().get(address).words)

    def put_off(days: int) -> Page:
        until_then = f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M}"
        page = owner.get(f"/console{address}")
        return submit(owner, page, to="/put-off", closes_at=until_then)

    assert "or later" in put_off(3).words, "nobody is cut off"
    assert re.findall(r"Open until ([^.]*)\.", company.reader().get(address).words) == before
    assert "All who entered are told" in put_off(40).words
    [now] = re.findall(r"Open until ([^.]*)\.", company.reader().get(address).words)
    assert now not in before
    [told] = company.mails(early.email, "ends later")
    assert now in " ".join(text_of(told).split())
    assert number in text_of(told)


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
