"""Secure forms: sensitive values in a chat, readable while it lasts and gone after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from troth.channels.conversations.models import Conversation, SecureForm
from troth.core.actions import action
from troth.core.actors import Actor


@action
def ask_securely(conversation: Conversation, *, actor: Actor, asks: Sequence[str]) -> SecureForm:
    """Put a secure form into a chat; `asks` are the labels."""
    raise NotImplementedError


@action
def answer_securely(form: SecureForm, *, actor: Actor, answers: Mapping[str, str]) -> SecureForm:
    """The visitor fills it in. Sealed under the form's own key (`core.gate.deposits`)."""
    raise NotImplementedError


@action
def end_secure_forms(conversation: Conversation, *, actor: Actor) -> int:
    """Destroy the answers and their keys; returns how many forms that ended."""
    raise NotImplementedError
