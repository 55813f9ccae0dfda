"""The same right by logging in, by asking, and by a member of the staff who is called."""

from __future__ import annotations

import re

import pytest

from proofs.asking import Asker, enter, may, ref_of, within_business_days
from proofs.company import PASSWORD, Company, submit
from support.reader import Page


def held(page: Page) -> str:
    """What "My data" says is held, without its history."""
    return page.words.partition("What happened")[0]


def own(asker: Asker) -> str:
    """The same of somebody logged in, with telephone numbers as they were typed."""
    words = held(asker.reader.get("/account/my-data/"))
    return re.sub(r"(?<=[\d+])[ -](?=\d)", "", words)


@pytest.mark.clause("comintech-29", "comintech-58")
def test_logging_in_and_asking_come_to_the_same(company: Company) -> None:
    logged, asking = Asker.registered(company), Asker.registered(company)
    # Reading.
    for one in (logged, asking):
        assert one.seed.name in own(one)
        assert one.seed.email in own(one)
    packages = [
        logged.package(logged.ask_in_account("access")),
        asking.package(asking.ask("access")),
    ]
    kinds = [
        sorted((one["place"], one["label"], one["category"]) for one in package["data"]["records"])
        for package in packages
    ]
    assert kinds[0] == kinds[1]
    for one, package in zip((logged, asking), packages, strict=True):
        assert {one.seed.name, one.seed.email} <= {
            str(record["value"]) for record in package["data"]["records"]
        }
    # Correcting.
    profile = logged.reader.get("/account/profile/")
    submit(logged.reader, profile, "name", to="/account/profile/", name="Ada Quill-Marsh")
    page = asking.ask("correction", element="name", value="Ada Quill-Marsh")
    asking.does(page, "go-on")
    asking.over(page)
    for one in (logged, asking):
        assert "Ada Quill-Marsh" in one.reader.get("/account/profile/").inputs("name")
    # Deleting.
    mine = logged.ask_in_account("deletion", password=PASSWORD)
    theirs = asking.ask("deletion")
    people = [logged.person(mine), asking.person(theirs)]
    for one, page in ((logged, mine), (asking, theirs)):
        assert one.reader.get("/account/my-data/").url.endswith("/my-data/")
        one.does(page, "go-on")
    for ref, one, page in zip(people, (logged, asking), (mine, theirs), strict=True):
        one.finish(page)
        assert company.rows("SELECT id FROM people_person WHERE ref = ?", ref) == []
        assert "/login/" in one.reader.get("/account/my-data/").url
        assert "/login/" in company.log_in(company.reader(), one.seed.email).url


@pytest.mark.clause("com1-19")
def test_the_account_lists_and_changes_all_that_is_stored(company: Company) -> None:
    ada = Asker.registered(company, address="Quay Street, Gastown")
    stored = {ada.seed.name, ada.seed.email, ada.seed.phone, "Quay Street, Gastown"}
    listed = own(ada)
    assert [one for one in stored if one not in listed] == []
    person = ada.person(ada.ask_in_account("access"))
    profile = ada.reader.get("/account/profile/")
    elements = {
        name
        for (name,) in company.rows(
            "SELECT DISTINCT name FROM people_element AS e JOIN people_person AS p"
            " ON p.id = e.person_id WHERE p.ref = ?",
            person,
        )
    }
    assert elements == {"name", "email", "phone", "address"}, "nothing is held that is not listed"
    new = {"name": "Ada Marsh", "phone": "+16045550188", "address": "2 Other Quay, Gastown"}
    submit(ada.reader, profile, "name", to="/account/profile/", **new)
    fresh = Asker.new(company).seed.email
    page = ada.reader.get("/account/address/")
    submit(ada.reader, page, "address", address=fresh, password=PASSWORD)
    confirm = ada.reader.get(company.link(fresh, "/account/address/confirm/"))
    submit(ada.reader, confirm, to="/account/address/confirm/")
    for value in (*new.values(), fresh):
        assert value.replace(" ", "") in own(ada).replace(" ", "")
    page = ada.reader.get("/account/password/")
    submit(ada.reader, page, "old", old=PASSWORD, password="nine ladies dancing on ice")
    again = company.log_in(company.reader(), fresh, "nine ladies dancing on ice")
    assert "/login/" not in again.url, again.words


@pytest.mark.clause("com1-20")
def test_who_calls_instead_has_the_same_once_it_is_shown_who_they_are(company: Company) -> None:
    clicks, calls = (Asker.registered(company, address="Quay Street") for _ in range(2))
    right = "Ada Quill-Marsh"
    submit(clicks.reader, clicks.reader.get("/account/profile/"), "name", to="profile", name=right)
    wish = {"email": calls.seed.email, "element": "name", "value": right}
    stranger = enter(company, "correction", way="phone", how="", **wish)
    assert "waits for the link to be opened" in stranger.words
    assert 'value="go-on"' not in stranger.text, "nothing is done for who may be anybody"
    assert right not in own(calls)
    page = enter(company, "correction", way="phone", how="call", **wish)
    assert "by a call back to the number we had" in page.words
    desk = company.staff()
    submit(desk, page, "do", to="/do", do="go-on")
    calls.finish(page)
    for one in (clicks, calls):
        assert right in own(one)
        assert one.seed.phone in own(one)
    enter(company, "access", way="phone", how="call", email=calls.seed.email)
    opened = calls.reader.get(company.link(calls.seed.email, "/rights/package/"))
    assert "Download" in opened.words


@pytest.mark.clause("comantra-46")
def test_a_call_or_mail_changes_details_and_preferences_in_time(company: Company) -> None:
    ada = Asker.registered(company, username=Asker.new(company).seed.email.partition("@")[0])
    wish = {"email": ada.seed.email, "element": "phone", "value": "+442079460999"}
    nobody = enter(company, "correction", way="mail", how="", **wish)
    assert "waits for the link to be opened" in nobody.words
    page = enter(company, "correction", way="phone", how="call", words="Read to me.", **wish)
    received, due = ada.times(page)
    assert due.date() == within_business_days(company, received.date(), 5)
    assert "Read to me." in page.words
    assert "442079460999" in re.sub(r"\W", "", page.words), "what is to be changed stands there"
    assert ada.seed.phone in own(ada)
    submit(company.staff(), page, "do", to="/do", do="go-on")
    ada.finish(page)
    assert "+442079460999" in own(ada)
    person = ada.person(page)
    assert may(company, person, "offers") == [True]
    page = enter(
        company, "objection", way="mail", how="known", email=ada.seed.email, purposes=["offers"]
    )
    ada.finish(page)
    assert may(company, person, "offers", "support") == [False, True]
    times = "SELECT closed_at, due_at FROM rights_request WHERE person_id IS NOT NULL AND ref = ?"
    [(closed, last)] = company.rows(times, ref_of(page))
    assert closed <= last
