"""The copy of a chat by mail: what is in it, whose address it goes to, and what is not in it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from conversations.company import Company
from conversations.widget.test_calls import Visitor
from support.mail import Mailbox
from troth.channels.conversations import actions
from troth.channels.conversations.models import Conversation
from troth.core.actors import Actor
from troth.core.people.models import Element
from troth.core.people.records import Given
from troth.kit.mail import transport
from troth.kit.outbox.delivery import deliver_message
from troth.kit.outbox.models import Message as Mail


def deliver() -> None:
    transport.cache_clear()
    for pk in Mail.objects.filter(kind="conversations.transcript").values_list("pk", flat=True):
        deliver_message(pk)
    transport().close()


def test_it_has_what_was_said_and_nothing_that_was_not(
    company: Company, smtp: Mailbox, settings: Any
) -> None:
    settings.EMAIL_PORT = smtp.port
    visitor, ann = Visitor(company), company.actor("ann")
    visitor.open(
        "Where is [it](https://a.example)?", values={"name": "M", "email": "m@example.com"}
    )
    chat = actions.take(Conversation.objects.get(), actor=ann, revision=None)
    actions.note(chat, actor=ann, text="a difficult one")
    form = actions.ask_securely(chat, actor=ann, asks=["Order number"])
    visitor.post(f"/chat/{visitor.ref}/secure/{form.ref}", {"answers": {"Order number": "77-1"}})
    actions.write(chat, actor=ann, side="staff", text="On its way", client_id=uuid4())
    assert visitor.post(f"/chat/{visitor.ref}/transcript").status_code == 202
    deliver()
    [got] = smtp.wait()
    assert got.recipients == ["m@example.com"]
    body: Any = got.message.get_body(("plain",))
    text = body.get_content()
    assert "Where is [it](https://a.example)?" in text
    assert "On its way" in text
    assert "difficult" not in text
    assert "77-1" not in text


def test_it_goes_to_the_address_of_this_chat_not_to_one_that_is_known(
    company: Company, smtp: Mailbox, settings: Any
) -> None:
    """Whoever types another's address learns nothing: the copy goes there, and holds this chat."""
    settings.EMAIL_PORT = smtp.port
    company.mail("mary@example.com", text="My secret matter")
    visitor = Visitor(company)
    opened = visitor.open("Hello", values={"name": "Eve", "email": "mary@example.com"})
    assert "secret" not in opened.content.decode()
    chat, ann = Conversation.objects.get(ref=visitor.ref), company.actor("ann")
    chat = actions.take(chat, actor=ann, revision=None)
    actions.write(chat, actor=ann, side="staff", text="Hi", client_id=uuid4())
    assert visitor.post(f"/chat/{visitor.ref}/transcript").status_code == 202
    deliver()
    [got] = smtp.wait()
    assert got.recipients == ["mary@example.com"]
    body: Any = got.message.get_body(("plain",))
    assert "Hello" in body.get_content()
    assert "secret matter" not in body.get_content()


def test_a_number_that_markup_breaks_up_is_kept_in_neither_copy(company: Company) -> None:
    """The cleaned HTML of a mail goes where there was anything to mask in it, or in the text."""
    html = "<p>card 4111 <b>1111</b> 1111&nbsp;1111</p>"
    for number, text in enumerate(("card 4111 1111 1111 1111", "see the other part")):
        _, message = actions.open_ticket(
            actor=Actor.visitor(),
            way="mail",
            touchpoint="tickets.mail",
            given=[
                Given("name", "user.name", "Mary"),
                Given("email", "user.contact.email", f"m{number}@example.com"),
                Given("formatted", "user.content.private", html),
            ],
            text=text,
            client_id=uuid4(),
            formatted=True,
        )
        message.refresh_from_db()
        assert (message.masked, message.formatted) == (["card"], False)
        assert not Element.objects.filter(record=message.pk, name="formatted").exists()
