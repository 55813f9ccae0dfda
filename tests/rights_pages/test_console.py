"""The queue of requests, and what the staff does with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from support.askers import POLICY, Company, Customer, Mails, link, visitor, words
from troth.channels.rights import passing_on
from troth.channels.rights.api import follow_up, receive, remind
from troth.core import clock
from troth.core.actors import Actor
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.rights.api import Content, read_content, write_content
from troth.core.rights.emptying import empty_closed
from troth.core.rights.models import Request, Telling
from troth.kit import links

SYSTEM = Actor.system("tests")


def asks(kind: str, ada: Customer, *, days: int = 0, way: str = "account") -> Request:
    """A request of somebody we know, some days ago."""
    with clock.at(datetime.now(UTC) - timedelta(days=days)):
        return receive(
            kind,
            actor=SYSTEM,
            way=way,
            person=ada.person,
            content=Content(words="My words.", reply_to=ada.seed.email),
        )


def does(owner: Client, found: Request, what: str, **more: str) -> Any:
    return owner.post(f"/console/requests/{found.ref}/do", {"do": what, **more})


def test_the_queue_shows_what_is_late_first_and_the_rail_counts(
    company: Company, ada: Customer, owner: Client
) -> None:
    assert "Nothing is due" in words(owner.get("/console/requests/"))
    soon, late = asks("deletion", ada), asks("complaint", ada, days=40)
    page = owner.get("/console/requests/")
    text = words(page)
    assert text.index("Complain") < text.index("Delete my data")
    assert "1 request is late" in text
    assert "What is due next" in text
    assert "days late" in text
    assert late.ref in owner.get("/console/requests/?state=late").content.decode()
    assert soon.ref not in owner.get("/console/requests/?state=late").content.decode()
    assert "Requests , waiting: 2" in text
    home = words(owner.get("/console/"))
    assert "Complain: " in home
    assert ada.seed.name not in home
    assert company.staff["auditor"].get("/console/requests/").status_code == 403
    assert company.staff["auditor"].get(f"/console/requests/{late.ref}").status_code == 403
    asked = {"open", "staff", "late", "ended"}
    assert {owner.get(f"/console/requests/?state={one}").status_code for one in asked} == {200}


def test_one_request_has_its_clock_plan_words_and_history(
    company: Company, ada: Customer, owner: Client
) -> None:
    found = asks("deletion", ada)
    text = words(owner.get(f"/console/requests/{found.ref}"))
    for part in ("Answer by", "My words.", "What would happen", "logged in", "Received."):
        assert part in text
    assert ada.seed.name not in text, "the plan names no value"
    assert owner.get(f"/console/requests/{'0' * 32}").status_code == 404


def test_the_clock_stands_runs_on_and_is_extended_once(
    company: Company, ada: Customer, owner: Client, mails: Mails
) -> None:
    found = asks("correction", ada)
    mails.new()
    before = company.newest.due_at
    does(owner, found, "wait", reason="detail")
    to, subject, text = mails.one()
    assert (to, "need something" in subject) == (ada.seed.email, True)
    assert "more exactly" in text
    assert "the clock stands" in words(owner.get(f"/console/requests/{found.ref}"))
    assert "It waits for you" in words(ada.browser.get(f"/account/requests/{found.ref}"))
    Request.objects.update(paused_at=clock.now() - timedelta(days=7))
    does(owner, found, "resume")
    after = company.newest.due_at
    assert after is not None
    assert before is not None
    assert after > before
    assert does(owner, found, "extend", reason="nonsense").status_code == 400
    does(owner, found, "extend", reason="complex")
    assert "longer" in mails.one()[1]
    last = company.newest.due_at
    assert last is not None
    assert last > after
    assert does(owner, found, "extend", reason="many").status_code == 403
    assert "Take more time" not in words(owner.get(f"/console/requests/{found.ref}"))


def test_a_refusal_says_why_and_where_to_complain(
    company: Company, ada: Customer, owner: Client, mails: Mails
) -> None:
    found = asks("deletion", ada)
    mails.new()
    does(owner, found, "refuse", reason="law")
    _, _, text = mails.one()
    assert "A law obliges us" in text
    assert "data protection authority" in text
    assert company.newest.answered_at is not None
    own = words(ada.browser.get(f"/account/requests/{found.ref}"))
    assert "We did not do it" in own
    assert does(owner, found, "refuse", reason="law").status_code == 400
    assert does(owner, found, "nonsense").status_code == 400


def test_a_question_is_settled_with_its_outcome(
    company: Company, ada: Customer, owner: Client, mails: Mails
) -> None:
    found = asks("question", ada)
    mails.new()
    assert "Close the case" in words(owner.get(f"/console/requests/{found.ref}"))
    does(owner, found, "settle", reason="answered")
    assert "answered" in mails.one()[2]
    assert company.newest.state == Request.State.DONE


def test_staff_lets_a_deletion_go_on(
    company: Company, ada: Customer, owner: Client, mails: Mails
) -> None:
    found = asks("deletion", ada)
    mails.new()
    does(owner, found, "go-on")
    assert mails.one()[1] == "Your data is deleted"
    assert empty_closed() == 1
    text = words(owner.get(f"/console/requests/{found.ref}"))
    assert "Steps" in text
    assert ada.seed.email not in text, "its content went when the answer was sent"


def test_who_has_no_address_is_answered_by_hand(
    company: Company, ada: Customer, owner: Client
) -> None:
    day = datetime.now(UTC).date().isoformat()
    form = {"kind": "complaint", "way": "phone", "received": day, "how": "call", "words": "Loud."}
    assert owner.post("/console/requests/new", form).status_code == 302
    found = company.newest
    does(owner, found, "settle", reason="unfounded")
    text = words(owner.get(f"/console/requests/{found.ref}"))
    assert "There is no address" in text
    does(owner, found, "answered")
    assert company.newest.answered_at is not None


def test_identity_shown_by_phone_starts_the_clock(
    company: Company, ada: Customer, owner: Client, mails: Mails
) -> None:
    visitor().post("/rights/ask/deletion", {"email": ada.seed.email, "words": ""})
    found = company.newest
    assert "Their identity was shown" in words(owner.get(f"/console/requests/{found.ref}"))
    does(owner, found, "prove", reason="call")
    assert (company.newest.proved, company.newest.person) == ("call", ada.person)
    assert company.newest.due_at is not None


@pytest.fixture
def telling(company: Company, ada: Customer) -> Telling:
    """A recipient that got data of somebody who asked for a deletion."""
    request = asks("deletion", ada)
    return Telling.objects.create(
        request=request,
        recipient=next(iter(current().policy.recipients)),
        kind="deletion",
        next_at=clock.now(),
    )


def test_recipients_without_an_address_are_told_by_hand(
    company: Company, owner: Client, telling: Telling
) -> None:
    assert passing_on.contact(telling.recipient) == ""
    assert follow_up() == 0
    text = words(owner.get(f"/console/requests/{telling.request.ref}"))
    assert "tell them by hand" in text
    does(owner, telling.request, "recipient", telling=telling.ref, answer="told")
    assert Telling.objects.get().state == Telling.State.TOLD
    does(owner, telling.request, "recipient", telling=telling.ref, answer="done")
    assert Telling.objects.get().state == Telling.State.DONE
    other = asks("deletion", company.customers[1])
    again = does(owner, other, "recipient", telling=telling.ref, answer="done")
    assert again.status_code == 400


def test_a_recipient_with_an_address_is_mailed_and_asked_again(
    company: Company, mails: Mails, telling: Telling
) -> None:
    key, to = telling.recipient, "privacy@elsewhere.example"
    source = POLICY.read_text("utf-8").replace(
        f"[recipients.{key}]\n", f'[recipients.{key}]\ncontact = "{to}"\n'
    )
    publish(source.replace('version = "', 'version = "9.', 1), actor=SYSTEM)
    identifiers = {"user.contact.email": ("old@seeded.example",)}
    content = read_content(telling.request, actor=SYSTEM).knowing(identifiers)
    write_content(telling.request, content, actor=SYSTEM)
    mails.new()
    assert follow_up() == 1
    address, subject, text = mails.one()
    assert (address, "delete" in subject) == (to, True)
    assert "old@seeded.example" in text
    assert Telling.objects.get().state == Telling.State.TOLD
    assert follow_up() == 0
    with clock.at(clock.now() + timedelta(days=6)):
        assert follow_up() == 1
    assert len(mails.new()) == 1
    visitor().post(link(text, "recipient"), {"answer": "done"})
    assert Telling.objects.get().state == Telling.State.DONE


def test_a_recipient_answers_by_its_link(company: Company, telling: Telling) -> None:
    page = f"/rights/recipient/{links.sign('requests.telling', telling.ref)}"
    assert "It is done" in words(visitor().get(page))
    assert Telling.objects.get().state == Telling.State.DUE, "looking changes nothing"
    visitor().post(page, {"answer": "refused"})
    assert Telling.objects.get().state == Telling.State.REFUSED
    assert "noted" in words(visitor().get(page))


def test_the_staff_is_reminded_in_numbers_and_once(
    company: Company, ada: Customer, owner: Client, mails: Mails
) -> None:
    found = asks("complaint", ada)
    assert found.due_at is not None
    mails.new()
    assert remind() == 0, "it came in a moment ago"
    with clock.at(found.due_at):
        assert remind() == 1
        assert remind() == 0
        to, subject, text = mails.one()
    assert "@" in to
    assert to != ada.seed.email
    assert subject == "1 request about personal data is open"
    assert "1 is due today" in text
    assert "/console/requests/" in text
    assert ada.seed.name not in text
    with clock.at(found.due_at + timedelta(days=1)):
        assert remind() == 0, "no further moment came"
