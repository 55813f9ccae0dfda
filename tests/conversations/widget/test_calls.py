"""What the script calls, over HTTP as any site's page would."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client

from conversations.company import BOTH, Company
from conversations.widget.clamd import clamd
from conversations.widget.test_attaching import archive, exif, picture
from troth.channels.conversations import actions, reading
from troth.channels.conversations.attaching.api import scan_waiting
from troth.channels.conversations.attaching.scanning import EICAR
from troth.channels.conversations.models import (
    Attachment,
    AttachmentPart,
    Conversation,
    Desk,
    Message,
    SecureForm,
)
from troth.core.actors import Actor
from troth.core.ledger.models import Entry, Pending
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.core.sealing.sealed import Sealed
from troth.kit.outbox.models import Message as Mail
from troth.kit.throttle.models import Count

SECRET = "s" * 40
POLICIES = Path(__file__).parents[3] / "policies"


class Visitor:
    """A page somewhere on the web that has the script."""

    def __init__(self, company: Company) -> None:
        self.client: Client = company.browser()
        self.ref, self.secret = "", SECRET

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        headers = {
            "X-Chat-Ref": self.ref,
            "X-Chat-Secret": self.secret,
            "Origin": "https://a.example",
        }
        return self.client.post(
            path, json.dumps(body or {}), content_type="application/json", headers=headers, **more
        )

    def get(self, path: str) -> Any:
        headers = {"X-Chat-Ref": self.ref, "X-Chat-Secret": self.secret}
        return self.client.get(path, headers=headers)

    def open(self, text: str = "Hello", **more: Any) -> Any:
        body = {"text": text, "id": str(uuid4()), "secret": self.secret}
        answer = self.post("/chat/open", body | {"version": current().version} | more)
        if answer.status_code == 201:
            self.ref = answer.json()["ref"]
        return answer

    def send(self, name: str, content: bytes, made: str = "") -> Any:
        return self.client.post(
            f"/chat/{self.ref}/files?id={made or uuid4()}",
            content,
            content_type="application/octet-stream",
            headers={"X-Chat-Secret": self.secret, "X-File-Name": quote(name)},
        )


@contextmanager
def settings_of(**options: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in options.items():
            environment.setenv(f"TROTH_{name.upper()}", value)
        yield


def chat_elements() -> Any:
    """What was collected in chats; the staff have elements of their own."""
    return Element.objects.filter(touchpoint__startswith="chat.")


@pytest.fixture
def visitor(company: Company) -> Visitor:
    return Visitor(company)


def test_the_script_carries_all_it_needs_and_is_small(visitor: Visitor) -> None:
    answer = visitor.client.get("/chat/widget.js", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 25 * 1024
    text = gzip.decompress(answer.content).decode()
    for word in ("Kartennummer", "رقم بطاقة", "#1f6f5c", ":host"):
        assert word in text
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies
    plain = visitor.client.get("/chat/widget.js")
    assert plain.content.decode() == text
    again = visitor.client.get("/chat/widget.js", headers={"If-None-Match": plain["ETag"]})
    assert again.status_code == 304


def test_nothing_in_the_script_asks_another_origin_or_parses_markup(visitor: Visitor) -> None:
    text = visitor.client.get("/chat/widget.js").content.decode()
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    for forbidden in ("innerHTML", "document.cookie", "localStorage", "eval(", "<style"):
        assert forbidden not in text


def test_a_company_whose_policy_has_no_chat_has_no_script(company: Company) -> None:
    publish((POLICIES / "com1.toml").read_text("utf-8"), actor=Actor.system("cli"))
    visitor = Visitor(company)
    assert visitor.client.get("/chat/widget.js").status_code == 404
    assert visitor.open().status_code == 404
    assert not Conversation.objects.exists()


def test_any_site_may_call_and_none_with_cookies(visitor: Visitor) -> None:
    asked = visitor.client.options(
        "/chat/open",
        headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"},
    )
    assert asked.status_code == 204
    for answer in (asked, visitor.open(), visitor.get("/chat/now"), visitor.open(text="")):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        assert not answer.cookies
        assert "no-store" in answer.get("Cache-Control", "no-store")


def test_the_console_is_open_to_no_other_site(company: Company) -> None:
    answer = company.browser("ann").get(
        "/console/conversations/", headers={"Origin": "https://a.example"}
    )
    assert "Access-Control-Allow-Origin" not in answer


def test_how_the_desk_stands(company: Company, visitor: Visitor) -> None:
    found = visitor.get("/chat/now").json()
    assert (found["online"], found["pre_chat"]) == (False, "off")
    assert found["message"]["clause"] == "2.15"
    assert found["offline"]["clause"] == "2.16"
    assert [field["name"] for field in found["pre"]["fields"]][:2] == ["name", "email"]
    assert {field["kind"] for field in found["pre"]["fields"]} <= {"field", "age"}
    company.at_the_desk("ann")
    Desk.objects.update(pre_chat="required")
    found = visitor.get("/chat/now").json()
    assert (found["online"], found["pre_chat"]) == (True, "required")


@BOTH
def test_a_chat_is_opened_by_its_first_message_once(company: Company) -> None:
    visitor, made = Visitor(company), str(uuid4())
    first = visitor.open("My card is 4111 1111 1111 1111", id=made)
    again = visitor.open("My card is 4111 1111 1111 1111", id=made)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    chat = Conversation.objects.get()
    [read] = reading.visitor_messages(chat, actor=Actor.visitor())
    assert (read.text, read.masked) == ("My card is •••• •••• •••• ••••", ("card",))
    assert chat.person.state == "anonymous"
    assert {one.name for one in chat_elements()} == {"message"}


def test_nothing_is_there_before_the_first_message(visitor: Visitor) -> None:
    visitor.get("/chat/now")
    for wrong in ({"text": " "}, {"secret": "short"}, {"id": "x"}, {"text": "a" * 5001}):
        assert visitor.open(**wrong).status_code == 400
    assert visitor.open(version="1999-01-01").json()["outdated"] is True
    assert not Conversation.objects.exists()


def test_a_form_that_is_required_is_required(visitor: Visitor) -> None:
    Desk.objects.update(pre_chat="required")
    assert visitor.open().status_code >= 400
    assert not Conversation.objects.exists()
    wrong = visitor.open(values={"name": "Mary", "email": "no address"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"].keys() == {"email"}
    stranger = visitor.open(values={"name": "M", "email": "m@example.com", "shoe": "38"})
    assert stranger.status_code == 422
    assert not Conversation.objects.exists()
    assert visitor.open(values={"name": "Mary", "email": "m@example.com"}).status_code == 201
    held = Element.objects.filter(record=Conversation.objects.get().pk)
    assert set(held.values_list("name", "touchpoint")) == {
        ("name", "chat.pre-chat"),
        ("email", "chat.pre-chat"),
    }


def test_who_is_too_young_leaves_nothing(visitor: Visitor) -> None:
    Desk.objects.update(pre_chat="required")
    values = {"name": "Tim", "email": "t@example.com", "under_the_age": True}
    assert visitor.open(values=values).status_code == 422
    assert not Conversation.objects.exists()
    assert not chat_elements()


def test_the_form_for_when_nobody_is_there_becomes_a_ticket_once(visitor: Visitor) -> None:
    body = {
        "version": current().version,
        "id": str(uuid4()),
        "values": {"name": "Mary", "email": "m@example.com", "message": "password: hunter2"},
    }
    first, again = visitor.post("/chat/offline", body), visitor.post("/chat/offline", body)
    assert first.status_code == 201
    assert first.json() == again.json()
    made = Conversation.objects.get()
    assert (made.touchpoint, made.clause, made.number) == (
        "chat.offline",
        "2.16",
        first.json()["number"],
    )
    assert Message.objects.get().masked == ["password"]


@pytest.mark.parametrize("what", ["state", "end", "rating", "transcript", "files?id=x"])
def test_another_secret_opens_nothing(visitor: Visitor, what: str) -> None:
    visitor.open()
    real = visitor.ref
    found = []
    for ref, secret in ((real, "t" * 40), ("0" * 32, SECRET), (real, "")):
        visitor.ref, visitor.secret = ref, secret
        path = f"/chat/{ref}/{what}"
        found.append(visitor.get(path) if what == "state" else visitor.post(path, {"rating": 1}))
    assert {answer.status_code for answer in found} == {404}
    assert len({answer.content for answer in found}) == 1, "the answers tell which it was"


def test_a_chat_ends_is_rated_and_is_sent_to_the_address_given_in_it(
    company: Company, visitor: Visitor
) -> None:
    company.at_the_desk("ann")
    visitor.open(values={"name": "Mary", "email": "m@example.com"})
    assert visitor.post(f"/chat/{visitor.ref}/transcript").status_code == 409, "nobody answered"
    chat = actions.take(Conversation.objects.get(), actor=company.actor("ann"), revision=None)
    actions.write(chat, actor=company.actor("ann"), side="staff", text="Hi", client_id=uuid4())
    assert visitor.get(f"/chat/{visitor.ref}/state").json()["copy"] is True
    assert visitor.post(f"/chat/{visitor.ref}/end").status_code == 200
    state = visitor.get(f"/chat/{visitor.ref}/state").json()
    assert (state["ended"], state["rate"]) == (True, True)
    assert visitor.post(f"/chat/{visitor.ref}/rating", {"rating": 6}).status_code == 400
    assert visitor.post(f"/chat/{visitor.ref}/rating", {"rating": 5}).status_code == 200
    assert Conversation.objects.get().rating == 5
    assert visitor.post(f"/chat/{visitor.ref}/transcript").status_code == 202
    assert visitor.post(f"/chat/{visitor.ref}/transcript").status_code == 409, "once a chat"
    mail = Mail.objects.get()
    assert mail.to == chat_elements().get(name="email")


def test_no_copy_without_an_address_given_in_this_chat(company: Company, visitor: Visitor) -> None:
    visitor.open()
    assert visitor.get(f"/chat/{visitor.ref}/state").json()["copy"] is False
    assert visitor.post(f"/chat/{visitor.ref}/transcript").status_code == 409
    assert not Mail.objects.exists()


def test_secure_answers_are_readable_while_the_chat_lasts_and_no_longer(
    company: Company, visitor: Visitor
) -> None:
    visitor.open()
    ann = company.actor("ann")
    chat = actions.take(Conversation.objects.get(), actor=ann, revision=None)
    form = actions.ask_securely(chat, actor=ann, asks=["Order number", "Date of birth"])
    path = f"/chat/{visitor.ref}/secure/{form.ref}"
    assert visitor.post(path, {"answers": {"Order number": "1"}}).status_code == 400
    answers = {"Order number": "4111111111111111", "Date of birth": "1980-01-02"}
    assert visitor.post(path, {"answers": answers}).status_code == 200
    asked = visitor.get(f"/chat/{visitor.ref}/state").json()["secure"]
    assert asked == [{"ref": form.ref, "asks": list(answers), "answered": True, "gone": False}], (
        "what was answered is never sent back"
    )
    assert reading.secure_answers(SecureForm.objects.get(), actor=ann) == answers
    assert all("4111" not in one.text for one in reading.messages(chat, actor=ann))
    visitor.post(f"/chat/{visitor.ref}/end")
    assert reading.secure_answers(SecureForm.objects.get(), actor=ann) == {}
    assert visitor.get(f"/chat/{visitor.ref}/state").json()["secure"][0]["gone"] is True


@BOTH
def test_a_file_is_sealed_in_parts_and_comes_back_whole(company: Company) -> None:
    visitor, made = Visitor(company), str(uuid4())
    visitor.open()
    content = b"%PDF-1.7\n" + b"0123456789" * 60_000
    for _ in range(2):  # the answer was lost: the same file is sent again
        assert visitor.send("offer.pdf", content, made).status_code == 201
    file = Attachment.objects.get()
    assert (file.state, file.content_type, file.size) == ("clean", "application/pdf", len(content))
    assert AttachmentPart.objects.count() == 3
    assert isinstance(AttachmentPart.objects.all()[0].content, Sealed)
    answer = visitor.get(f"/chat/files/{file.ref}")
    assert answer.content == content
    assert answer["Content-Disposition"].startswith('attachment; filename="offer.pdf"')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_files_are_for_those_who_may_read_the_conversation(
    company: Company, visitor: Visitor
) -> None:
    visitor.open()
    visitor.send("a.txt", b"something")
    file = Attachment.objects.get()
    page = f"/console/conversations/files/{file.ref}"
    assert company.browser().get(page).status_code == 302
    assert company.browser("ann").get(page).status_code == 403
    actions.take(Conversation.objects.get(), actor=company.actor("ann"), revision=None)
    assert company.browser("ann").get(page).content == b"something"
    assert company.browser("ben").get(page).status_code == 403
    other = Visitor(company)
    other.secret = "o" * 40
    other.open()
    assert other.get(f"/chat/files/{file.ref}").status_code == 404


def test_eicar_reaches_nobody(company: Company, visitor: Visitor) -> None:
    visitor.open()
    for name, content in (("a.txt", EICAR), ("a.zip", archive(a=EICAR))):
        answer = visitor.send(name, content)
        assert answer.status_code == 422
        assert "malware" in answer.json()["detail"]
    assert not Attachment.objects.exists()
    assert Message.objects.count() == 1


def test_what_waits_for_the_scanner_is_handed_to_nobody_until_it_was_there(
    company: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.open()
    monkeypatch.setenv("TROTH_SCANNER", "tcp://127.0.0.1:1")
    visitor.send("good.txt", b"good")
    visitor.send("bad.txt", b"evil")
    assert set(Attachment.objects.values_list("state", flat=True)) == {"waiting"}
    for file in Attachment.objects.all():
        assert visitor.get(f"/chat/files/{file.ref}").status_code == 409
    assert scan_waiting() == 0
    with clamd(also=b"evil") as address:
        monkeypatch.setenv("TROTH_SCANNER", address)
        assert scan_waiting() == 2
    good, bad = Attachment.objects.order_by("made_at")
    assert visitor.get(f"/chat/files/{good.ref}").content == b"good"
    assert visitor.get(f"/chat/files/{bad.ref}").status_code == 409
    assert (bad.reason, bad.parts.count()) == ("virus", 0)


def test_a_picture_leaves_the_place_it_was_taken_at(company: Company, visitor: Visitor) -> None:
    visitor.open()
    visitor.send("me.jpg", picture("JPEG", exif=exif()))
    found = visitor.get(f"/chat/files/{Attachment.objects.get().ref}").content
    assert found.startswith(b"\xff\xd8")
    assert b"ACME" not in found


def test_a_file_too_large_is_told_so(visitor: Visitor) -> None:
    Desk.objects.update(attachments_mb=1)
    visitor.open()
    answer = visitor.send("a.txt", b"a" * (1024 * 1024 + 1))
    assert answer.status_code == 422
    assert "too large" in answer.json()["detail"]


@pytest.mark.usefixtures("one_window")
def test_floods_are_slowed_down(visitor: Visitor) -> None:
    answers = [visitor.open(secret=f"{n:040}") for n in range(11)]
    assert [answer.status_code for answer in answers][-1] == 429
    assert answers[-1]["Retry-After"]
    assert Count.objects.exists()


@pytest.mark.parametrize("odd", ["\ud800", "a\0b"])
def test_texts_that_nothing_can_hold_are_refused(visitor: Visitor, odd: str) -> None:
    for wrong in ({"text": odd}, {"secret": odd * 40}, {"values": {"name": odd}}):
        assert visitor.open(**wrong).status_code == 400
    assert visitor.get("/chat/a%00b/state").status_code == 404


@pytest.mark.usefixtures("one_window")
def test_nobody_gets_many_copies_a_day_whatever_chats_they_come_from(company: Company) -> None:
    ann, sent = company.actor("ann"), []
    for number in range(4):
        visitor = Visitor(company)
        visitor.secret = f"{number:040}"
        visitor.open(values={"name": "Eve", "email": "mary@example.com"})
        chat = actions.take(Conversation.objects.get(ref=visitor.ref), actor=ann, revision=None)
        actions.write(chat, actor=ann, side="staff", text="Hi", client_id=uuid4())
        with settings_of(chat_mail="100"):
            sent.append(visitor.post(f"/chat/{visitor.ref}/transcript").status_code)
    assert sent == [202, 202, 202, 429]


def test_what_was_asked_is_on_the_ledger_without_a_value(
    company: Company, visitor: Visitor
) -> None:
    visitor.open("something unheard-of", values={"name": "Mary", "email": "m@example.com"})
    ann = company.actor("ann")
    chat = actions.take(Conversation.objects.get(), actor=ann, revision=None)
    actions.write(chat, actor=ann, side="staff", text="Hi", client_id=uuid4())
    visitor.post(f"/chat/{visitor.ref}/transcript")
    told = [str(row.__dict__) for model in (Entry, Pending) for row in model.objects.all()]
    assert any("conversations.copy_asked" in line for line in told)
    assert not [line for line in told if "Mary" in line or "unheard" in line or "m@ex" in line]
