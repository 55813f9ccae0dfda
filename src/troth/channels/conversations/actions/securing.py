"""Secure forms: sensitive values in a chat, readable while it lasts and gone after.

The answers are sealed under a key of the form's own; when the chat ends the key is destroyed and
the row emptied. The transcript keeps that something was asked for, never what was answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from django.db import transaction

from troth.channels.conversations import acts
from troth.channels.conversations.actions.changing import held, member_who_acts, tell
from troth.channels.conversations.actions.writing import Draft, write_many
from troth.channels.conversations.models import Conversation, SecureForm
from troth.channels.conversations.refusals import ConversationClosedDenied, NotYoursDenied
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.deposits import deposit, discard
from troth.core.ids import row_id
from troth.core.ledger.api import record

MOST: Final = 6
LONGEST: Final = 200
LONGEST_ANSWER: Final = 1000


@action
def ask_securely(conversation: Conversation, *, actor: Actor, asks: Sequence[str]) -> SecureForm:
    """Put a secure form into a chat; `asks` are the labels. A message says that it is there, with
    `said` = ``secure-form`` and the form's id as `client_id`.
    """
    labels = [label.strip() for label in asks if label.strip()]
    if not 1 <= len(labels) <= MOST or any(len(label) > LONGEST for label in labels):
        raise Invalid(f"A secure form asks for 1 to {MOST} things, in few words each.")
    found = held(conversation)
    if actor.kind == "staff" and found.assignee_id != member_who_acts(actor).pk:
        raise NotYoursDenied("This conversation is not yours.", do="Take it first.")
    _lasting(found)
    made = SecureForm.objects.create(
        id=row_id(), conversation=found, asks=labels, asked_at=clock.now()
    )
    write_many([Draft(found.pk, actor, "system", "", made.pk, said="secure-form")])
    _record(found, actor, "asked")
    return made


@action
def answer_securely(form: SecureForm, *, actor: Actor, answers: Mapping[str, str]) -> SecureForm:
    """The visitor fills it in; answering again replaces the answers."""
    conversation = held(form.conversation_id)
    form.refresh_from_db()
    _lasting(conversation)
    if form.gone_at is not None:
        raise ConversationClosedDenied("This form is over.", do="Ask for another one.")
    if not set(answers) <= set(form.asks) or any(
        len(text) > LONGEST_ANSWER for text in answers.values()
    ):
        raise Invalid("The answers are not those of this form.")
    with deposit(row=form.pk, actor=actor, touchpoint=conversation.touchpoint):
        form.answers = dict(answers)
        form.answered_at = clock.now()
        form.save(update_fields=["answers", "answered_at"])
    _record(conversation, actor, "answered")
    tell(conversation, kind="secure-form", form=str(form.pk))
    return form


@action
def end_secure_forms(conversation: Conversation, *, actor: Actor) -> int:
    """Destroy the answers and their keys; returns how many forms that ended."""
    forms = list(
        SecureForm.objects.filter(conversation=conversation, gone_at=None).defer("answers")
    )
    if not forms:
        return 0
    SecureForm.objects.filter(pk__in=[form.pk for form in forms]).update(
        answers=None, gone_at=clock.now()
    )
    for form in forms:
        # The key goes for good, so not before it is sure that the rows have.
        transaction.on_commit(partial(discard, form.pk))
    _record(conversation, actor, "gone")
    tell(conversation, kind="secure-form")
    return len(forms)


def _lasting(conversation: Conversation) -> None:
    over = conversation.state in (Conversation.State.SOLVED, Conversation.State.CLOSED)
    if conversation.way != Conversation.Way.CHAT or over:
        raise ConversationClosedDenied(
            "A secure form is part of a chat that goes on.",
            why="What it takes is readable while the chat lasts.",
            do="Ask by another way.",
        )


def _record(conversation: Conversation, actor: Actor, did: str) -> None:
    record(
        act=acts.secure(did),
        organisation=conversation.organisation_id,
        actor=actor,
        subject=conversation.person.ref,
        clause=conversation.clause,
        version=conversation.version,
    )
