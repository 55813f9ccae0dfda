"""Who sent what had to be blotted out is told so, unless a machine sent it."""

from __future__ import annotations

from typing import Any

from conversations.company import Company
from conversations.mailing.conftest import Mails, letter
from troth.channels.conversations import actions
from troth.channels.conversations.models import Conversation, Desk, Message


def test_whoever_sent_a_card_number_is_told_that_it_was_blotted_out(
    company: Company, mails: Mails, beside: Any
) -> None:
    with beside("comintech"):
        Desk.objects.update(acknowledge=False)
        mails.deliver(letter("It is dark."))
        assert mails.carry() == [], "this desk acknowledges nothing"
        card = "Take 4111 1111 1111 1111."
        mails.deliver(letter(card, sender="eve@example.net", subject="Paying"))
        [told] = mails.carry()
        assert told.recipients == ["eve@example.net"]
        assert told.message["Auto-Submitted"] == "auto-replied"
        text = " ".join(str(told.message.get_content()).split())
        assert "what looks like a card number, and blotted it out" in text
        assert "1111" not in text
        number = told.message["Subject"].partition("[")[2]
        mails.deliver(letter("Or by IBAN", sender="eve@example.net", subject=f"[{number}"))
        assert mails.carry() == [], "nothing in it was blotted out"
        mails.deliver(letter(f"Again: {card}", sender="eve@example.net", subject=f"[{number}"))
        [again] = mails.carry()
        assert again.recipients == ["eve@example.net"]
        for machine in ({"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}):
            mails.deliver(letter(f"{machine} {card}", sender="eve@example.net", **machine))
        assert mails.carry() == [], "a machine is told nothing"
        ticket = Conversation.objects.get(number=int(number[1:-1]))
        assert [
            one.masked for one in Message.objects.filter(conversation=ticket).order_by("seq")
        ] == [["card"], [], ["card"]]


def test_whoever_is_copied_in_is_told_themselves(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    mails.carry()
    ticket = actions.take(Conversation.objects.get(), actor=company.actor("ann"), revision=None)
    actions.add_participant(ticket, actor=company.actor("ann"), address="bob@example.net")
    card = "Mine is 4111 1111 1111 1111."
    mails.deliver(letter(card, sender="bob@example.net", subject=f"[#{ticket.number}]"))
    assert [one.recipients for one in mails.carry()] == [["bob@example.net"]]
