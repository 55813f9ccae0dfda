"""What everybody may read, and why somebody got a letter."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.test import Client

from campaigns.pages.letters import begun, sent, written
from console.cast import Company, words
from troth.channels.campaigns import api
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.people.models import Person

pytestmark = pytest.mark.xdist_group("campaigns-pages")


def visitor() -> Client:
    return Client(headers={"host": "comm100.localhost"}, raise_request_exception=False)


def choosing(person: Person, *, yes: bool) -> None:
    choose(
        person,
        actor=Actor("person", person.ref, person_id=person.pk),
        purpose="newsletter",
        yes=yes,
        way="preference-link",
        wording="News about new features",
    )


def test_only_what_was_marked_and_sent_is_in_the_archive(comm100: Company) -> None:
    public = sent(in_archive=True)
    private = sent(subject="Between us")
    draft = written(in_archive=True, subject="Not yet")
    page = visitor().get("/news/")
    assert page.status_code == 200
    assert "News for you" in words(page)
    assert "Between us" not in words(page)
    assert "Not yet" not in words(page)
    assert 'type="application/rss+xml"' in page.content.decode()
    for campaign in (private, draft):
        assert visitor().get(f"/news/{campaign.ref}").status_code == 404
    letter = words(visitor().get(f"/news/{public.ref}"))
    assert "Dear friend, we made something new." in letter
    assert not visitor().get("/news/").cookies


def test_an_empty_archive_says_so(comm100: Company) -> None:
    assert "No letter yet" in words(visitor().get("/news/"))


def test_a_letter_can_be_read_in_the_browser_as_soon_as_it_leaves(comm100: Company) -> None:
    campaign = begun(in_archive=True)
    assert visitor().get(f"/news/{campaign.ref}").status_code == 200
    assert campaign.ref not in visitor().get("/news/").content.decode()


def test_the_archive_asks_no_other_origin_and_names_nobody(comm100: Company) -> None:
    body = "Dear {{ name }},\n\n![A tree](https://pictures.example/tree.png)\n\n<b>bold</b>"
    campaign = sent(in_archive=True, body=body)
    page = visitor().get(f"/news/{campaign.ref}").content.decode()
    assert "<img" not in page
    assert 'href="https://pictures.example/tree.png"' in page
    assert "Dear reader," in page
    assert "{{" not in page


def test_the_feed_has_absolute_links(comm100: Company) -> None:
    campaign = sent(in_archive=True)
    answer = visitor().get("/news/feed.xml")
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = ET.fromstring(answer.content).find("channel")
    assert channel is not None
    link = channel.findtext("item/link") or ""
    assert link.startswith(("http://comm100.localhost/", "https://comm100.localhost/"))
    assert link.endswith(f"/news/{campaign.ref}")
    assert channel.findtext("item/title") == "News for you"
    assert "we made <em>something</em> new" in (channel.findtext("item/description") or "")


def test_a_letter_says_what_it_rests_on(comm100: Company) -> None:
    person = comm100.customers[0].person
    choosing(person, yes=True)
    sent(in_archive=True)
    choosing(person, yes=False)
    (one,) = api.received(person, receipt=lambda entry: f"/receipt/{entry}")
    assert (one.subject, one.purpose) == ("News for you", "News about new features")
    assert one.clause == "3.6"
    assert one.said is not None
    assert one.said.wording == "News about new features"
    assert one.said.receipt.startswith("/receipt/")
    assert one.since is not None
    piece = render_to_string("campaigns/received.html", {"received": [one]})
    for expected in ("You said yes", "You took back your yes", one.said.receipt, "You gave it on"):
        assert expected in piece
    assert comm100.customers[0].seed.email not in piece


def test_who_chose_nothing_reads_why_all_the_same(comm100: Company) -> None:
    sent()
    (one,) = api.received(comm100.customers[1].person)
    assert one.said is None
    piece = render_to_string("campaigns/received.html", {"received": [one]})
    assert "The clause lets us write until you say no." in piece


def test_who_got_nothing_reads_that(comm100: Company) -> None:
    assert api.received(comm100.customers[0].person) == []
    assert "no newsletter" in render_to_string("campaigns/received.html", {"received": []})
