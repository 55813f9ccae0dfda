"""Companies in the list and stories: who cannot be entered or asked, and what an erasure leaves."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.conftest import Company
from accounts.customers import words
from community.conftest import STAFF, NewPerson, theirs
from community.test_forum import done
from support.seeded import assert_nowhere
from troth.channels.community import pictures
from troth.channels.community.clauses import CommunityMissing, Place
from troth.channels.community.listing import entries
from troth.channels.community.models import Entry, Story
from troth.channels.community.stories import telling
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import refuse_solicitation
from troth.core.errors import Invalid
from troth.core.ledger.api import timeline
from troth.core.people.models import Element, Person
from troth.core.retention.holds import set_hold
from troth.kit.outbox.models import Message
from troth.kit.outbox.returning import returned

OPERATOR = Actor.system("worker")
SAID = {"name": "Ada Quagmire", "job-title": "Keeper", "quote": "Not one wet foot since."}


def drawn(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), (9, 9, 9)).save(out, kind)
    return out.getvalue()


def listed(person: Person, name: str = "Quagmire & Daughters") -> Entry:
    logo = pictures.taken(SimpleUploadedFile("a.png", drawn()))
    made = entries.enter(
        actor=STAFF, person=person, name=name, website="https://quagmire.example", logo=logo
    )
    entries.tell(made, actor=OPERATOR)
    return made


def told(person: Person) -> Story:
    made = telling.write(actor=STAFF, person=person, words=SAID)
    telling.agree(made, actor=theirs(person), text=made.text)
    telling.publish(made, actor=STAFF)
    return made


def shown(path: str, *, days: int = 0) -> str:
    with clock.at(clock.now() + timedelta(days=days)):
        return words(Client().get(path))


def test_an_erasure_leaves_nothing_of_who_was_named(
    company: Company, new_person: NewPerson
) -> None:
    ada, bea = new_person(), new_person()
    listed(ada)
    listed(bea, "Heron Sons")
    told(ada)
    assert "Quagmire & Daughters" in shown("/customers/", days=15)
    assert "Ada Quagmire" in shown("/stories/")
    assert done("deletion", ada).state == "done"
    assert "Quagmire" not in shown("/stories/")
    said = shown("/customers/", days=15)
    assert "Quagmire" not in said
    assert "Heron Sons" in said
    assert not Story.objects.exists()
    assert_nowhere(["Quagmire & Daughters", "Ada Quagmire", SAID["quote"]], company.folder)


def test_who_said_no_is_neither_entered_nor_asked(new_person: NewPerson) -> None:
    ada = new_person()
    entries.leave(listed(ada), actor=theirs(ada), way="link")
    assert not Entry.objects.exists()
    with pytest.raises(entries.ListDenied, match="said no"):
        listed(ada)
    story = told(ada)
    telling.refuse(story, actor=theirs(ada))
    with pytest.raises(telling.StoryDenied, match="said no"):
        told(ada)
    with pytest.raises(telling.StoryDenied):
        telling.agree(story, actor=theirs(ada), text=story.text)


def test_whoever_wants_nothing_that_promotes_is_not_in_the_list(new_person: NewPerson) -> None:
    ada, bea = new_person(), new_person()
    listed(ada)
    listed(bea, "Heron Sons")
    assert "Quagmire" not in shown("/customers/", days=13)
    refuse_solicitation(ada, actor=theirs(ada), refused=True, way="test")
    said = shown("/customers/", days=15)
    assert "Quagmire" not in said
    assert "Heron Sons" in said


def test_the_staff_takes_things_off(new_person: NewPerson) -> None:
    ada = new_person()
    entry, story = listed(ada), told(ada)
    telling.unpublish(story, actor=STAFF)
    assert "Ada Quagmire" not in shown("/stories/")
    telling.publish(story, actor=STAFF)
    assert "Ada Quagmire" in shown("/stories/")
    entries.take_off(entry, actor=STAFF)
    assert "Quagmire" not in shown("/customers/", days=15)
    listed(ada)
    with pytest.raises(Invalid, match="in the list"):
        listed(ada)


def test_a_story_lacks_nothing_and_is_agreed_to_as_it_stands(new_person: NewPerson) -> None:
    ada = new_person()
    with pytest.raises(Invalid):
        telling.write(actor=STAFF, person=ada, words=SAID | {"job-title": " "})
    story = telling.write(actor=STAFF, person=ada, words=SAID)
    with pytest.raises(telling.StoryDenied, match="not what it was"):
        telling.agree(story, actor=theirs(ada), text=uuid4())


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", drawn() + b"\0" * 600_000, b"PNG"],
)
def test_some_files_are_no_pictures(content: bytes) -> None:
    with pytest.raises(Invalid):
        pictures.taken(SimpleUploadedFile("a.png", content, "image/png"))


def said_of(person: Person, company: Company, act: str) -> list[Mapping[str, Any]]:
    lines = timeline(company.organisation, person.ref).lines
    return [line.body for line in lines if line.act == act]


def test_a_logo_is_disclosed_with_its_company(company: Company, new_person: NewPerson) -> None:
    listed(ada := new_person())
    shown("/customers/", days=15)
    [made] = [one for one in said_of(ada, company, "gate.disclosed") if one["to"] == "readers"]
    assert "user.content.public" in made["data"]


def test_a_company_entered_again_has_its_time_again(new_person: NewPerson) -> None:
    ada = new_person()
    entries.take_off(listed(ada), actor=STAFF)
    with clock.at(clock.now() + timedelta(days=15)):
        listed(ada, "Other Quagmire")
        assert "Other Quagmire" not in shown("/customers/")
        assert "Other Quagmire" in shown("/customers/", days=15)


def test_who_was_not_reached_was_not_told(company: Company, new_person: NewPerson) -> None:
    ada = new_person()
    entry = listed(ada)
    message = Message.objects.get(person=ada, kind=entries.MAIL)
    message.state = Message.State.ACCEPTED
    message.save(update_fields=["state"])
    returned(message.pk, status="5.1.1")
    entry.refresh_from_db()
    assert entry.told_at is None
    assert "Quagmire" not in shown("/customers/", days=30)


def test_a_no_takes_a_story_back_once(company: Company, new_person: NewPerson) -> None:
    ada = new_person()
    telling.refuse(told(ada), actor=theirs(ada))
    assert len(said_of(ada, company, "community.taken-back")) == 1


def test_a_legal_hold_keeps_what_no_longer_shows(new_person: NewPerson) -> None:
    ada = new_person()
    story = told(ada)
    set_hold(
        actor=Actor("staff", "2" * 32, abilities=frozenset({"people.erase"})),
        person=ada,
        ground="claim",
        ends_at=clock.now() + timedelta(days=30),
    )
    telling.refuse(story, actor=theirs(ada))
    assert "Ada Quagmire" not in shown("/stories/")
    assert Element.objects.filter(record=story.text).exists()


def test_the_list_reads_no_logos(new_person: NewPerson) -> None:
    entry = listed(new_person())
    with clock.at(clock.now() + timedelta(days=15)):
        assert f"/customers/{entry.ref}/logo" in Client().get("/customers/").content.decode()
        [one] = entries.listed()
        assert (one.pictured, one.logo) == (True, "")
        assert Client().get(f"/customers/{entry.ref}/logo")["Content-Type"] == "image/png"


def test_a_mail_that_comes_back_when_there_is_no_list_any_more(
    new_person: NewPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = listed(new_person())
    monkeypatch.setattr(entries, "place", lambda _key: None)
    monkeypatch.setattr(entries, "needed", needed_of_nothing)
    entries.untell(entry, actor=OPERATOR)
    assert entry.told_at is None


def needed_of_nothing(_key: str) -> Place:
    raise CommunityMissing("There is no such page here.")
