"""Searching: by number, tag, state, person; and by words among what the member may open."""

from __future__ import annotations

from troth.channels.conversations.queries.inbox import Row
from troth.core.actors import Actor


def search(query: str, *, actor: Actor) -> list[Row]:
    """Conversations for what was typed: ``#1234`` or a number, ``tag:refund``, ``state:open``, an
    address or a telephone number (looked up at the gate, on the ledger), or words, which are
    looked for among the conversations whose bodies the member may open. At most 50.
    """
    raise NotImplementedError


def search_people(query: str, *, actor: Actor) -> list[Row]:
    """Conversations of the person with exactly this address or number."""
    raise NotImplementedError
