"""Complaints and questions about privacy: where they come in, their clock, how they end."""

from __future__ import annotations

import re

import pytest

from proofs.asking import (
    Asker,
    before_the_holidays,
    enter,
    heard,
    ref_of,
    until,
    within_business_days,
    write_mail,
)
from proofs.company import Company, submit, text_of
from support.reader import Page


def case_of(company: Company, known: set[str]) -> str:
    """The reference of the case that came in since."""

    def fresh() -> list[str]:
        rows = company.rows("SELECT ref FROM rights_request ORDER BY received_at DESC")
        return [ref for (ref,) in rows if ref not in known]

    [ref] = until(fresh, "a case")
    return ref


def cases(company: Company) -> set[str]:
    return {ref for (ref,) in company.rows("SELECT ref FROM rights_request")}


def opened(company: Company, ref: str) -> Page:
    """The case, as a member of the staff sees it."""
    desk = company.staff()
    assert ref in desk.get("/console/requests/").text, "it waits in the queue"
    return desk.get(f"/console/requests/{ref}")


@pytest.mark.clause("comantra-48")
def test_a_form_a_mail_and_a_call_each_open_a_case(company: Company) -> None:
    writer, caller, mailer = Asker.new(company), Asker.new(company), Asker.new(company)
    before = cases(company)
    writer.complain(writer.seed.message)
    by_form = case_of(company, before)
    write_mail(
        company,
        mailer.seed.email,
        "privacy@comantra.example",
        "A complaint",
        mailer.seed.message,
    )
    by_mail = case_of(company, before | {by_form})
    page = enter(
        company,
        "complaint",
        way="phone",
        how="",
        email=caller.seed.email,
        words=caller.seed.message,
    )
    by_hand = case_of(company, before | {by_form, by_mail})
    assert page.url.endswith(by_hand)
    ways = (("form on the site", writer), ("by mail", mailer), ("by phone", caller))
    for ref, (way, asker) in zip((by_form, by_mail, by_hand), ways, strict=True):
        shown = opened(company, ref)
        assert "Complain" in shown.words
        assert way in shown.words
        assert asker.seed.message in shown.words
        assert company.mails(asker.seed.email), "and whoever asked hears that it came"


@pytest.mark.clause("comantra-49")
def test_five_business_days_of_the_company_and_what_is_overdue_is_flagged(
    company: Company,
) -> None:
    ada = Asker.new(company)
    day = before_the_holidays()
    late = enter(
        company, "complaint", way="post", how="", received=day, email=ada.seed.email, words="Why?"
    )
    received, due = ada.times(late)
    assert received.date() == day
    assert due.date() == within_business_days(company, day, 5)
    assert (due.date() - day).days > 7, "Christmas lies in between"
    fresh = enter(company, "complaint", way="phone", how="", email=ada.seed.email, words="Why?")
    _, later = ada.times(fresh)
    assert later.date() > due.date()
    queue = company.staff().get("/console/requests/?state=late")
    refs = [page.url.rpartition("/")[2] for page in (late, fresh)]
    assert [ref in queue.text for ref in refs] == [True, False]
    assert "days late" in queue.words
    assert "days late" in late.words


@pytest.mark.clause("comintech-65")
def test_a_mail_is_followed_until_it_is_settled(company: Company) -> None:
    ada, before = Asker.known(company), cases(company)
    write_mail(
        company, ada.seed.email, "privacy@comintech.example", "A complaint", "You wrote twice."
    )
    ref = case_of(company, before)
    desk = company.staff()
    page = opened(company, ref)
    assert "You wrote twice." in page.words
    submit(desk, page, "do", to="/do", do="wait", reason="detail")
    assert heard(company, ada.seed.email, "more exactly")
    submit(desk, desk.get(page.url), "do", to="/do", do="resume")
    settled = submit(desk, desk.get(page.url), "do", to="/do", do="settle", reason="put-right")
    history = settled.words.partition("What happened")[2]
    for line in ("Received.", "The clock stands", "The clock runs on", "Done"):
        assert line in history
    assert "put right" in history
    assert heard(company, ada.seed.email, "put right"), "whoever asked hears how it ended"
    assert ref not in desk.get("/console/requests/").text


@pytest.mark.clause("comindware-35")
def test_the_form_and_the_postal_address_for_where_the_visitor_is(company: Company) -> None:
    states, elsewhere = "Foxboro, Massachusetts", "5 Example Embankment"
    for language, there, other in (
        ("en-US,en;q=0.9", states, elsewhere),
        ("de-DE,de;q=0.9,en-US;q=0.8", elsewhere, states),
        ("en", elsewhere, states),
    ):
        visitor = company.reader(**{"Accept-Language": language})
        for path in ("/forms/contact", "/rights/", "/policy"):
            words = visitor.get(path).words
            assert there in words
            assert other not in words
    before = company.rows("SELECT count(*) FROM forms_submission")[0][0]
    Asker.known(company)
    assert company.rows("SELECT count(*) FROM forms_submission")[0][0] == before + 1


SEAL = "cases@clear-harbour.example"


def handed(company: Company) -> list[str]:
    """The texts of all mails to the seal programme."""
    received = list(company.post.received)
    return [" ".join(text_of(one).split()) for one in received if SEAL in one.recipients]


@pytest.mark.clause("comm100-02")
def test_an_unresolved_case_goes_to_the_seal_programme_with_consent(company: Company) -> None:
    ada, other = Asker.new(company), Asker.new(company)
    other.complain(other.seed.message)
    page = ada.complain(ada.seed.message)
    offer = "Clear Harbour Privacy Seal"
    assert offer not in page.words, "there is still time to answer it"
    shown = opened(company, ref_of(page))
    submit(company.staff(), shown, "do", to="/do", do="settle", reason="unfounded")

    page = ada.reader.get(page.url)
    assert offer in page.words
    assert "7.13" in page.words
    before = len(handed(company))
    refused = submit(ada.reader, page, "consent", do="escalate")
    assert refused.status == 400
    assert "nowhere without your yes" in refused.words
    assert len(handed(company)) == before
    agreed = submit(ada.reader, page, "consent", do="escalate", consent="on")
    assert "Agreed that the file goes" in agreed.words
    [file] = until(lambda: handed(company)[before:], "the file at the seal programme")
    for part in (ada.seed.message, ada.seed.email, "looked into, and nothing was wrong"):
        assert part in file
    for part in (other.seed.message, other.seed.email):
        assert part not in file

    words = "The file of the case was handed over"
    until(lambda: words in ada.reader.get(page.url).words, "the state on their page")
    assert words in company.staff().get(shown.url).words
    assert offer not in ada.reader.get(page.url).words.partition("What happened")[0]
    ledger = company.staff().get("/console/ledger?act=rights.handed")
    [entry] = re.findall(r"/console/ledger/[0-9a-f-]{36}", ledger.text)[:1]
    told = company.staff().get(entry)
    assert '"to": "seal"' in told.words
    assert '"clause": "7.13"' in told.words
    assert "user.content.private" in told.words
    assert ada.seed.email not in told.text


@pytest.mark.clause("comm100-02")
def test_a_case_that_is_late_can_be_taken_there_too(company: Company) -> None:
    ada = Asker.new(company)
    enter(
        *(company, "complaint"), way="post", how="", received=before_the_holidays(),
        email=ada.seed.email, words=ada.seed.message,
    )  # fmt: skip
    page = ada.reader.get(company.link(ada.seed.email, "/rights/request/"))
    assert "Clear Harbour Privacy Seal" in page.words
    before = len(handed(company))
    # What the programme's server does not take is told, and can be tried again.
    company.post.refused.add(SEAL)
    submit(ada.reader, page, "consent", do="escalate", consent="on")
    words = "The file could not be handed over"
    until(lambda: words in ada.reader.get(page.url).words, "what became of it on their page")
    company.post.refused.clear()
    page = ada.reader.get(page.url)
    submit(ada.reader, page, "consent", do="escalate", consent="on")
    [file] = until(lambda: handed(company)[before:], "the file at the seal programme")
    assert ada.seed.message in file
