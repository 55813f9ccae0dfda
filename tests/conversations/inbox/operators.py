"""What operators do at their browsers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client

from console.cast import words
from conversations.company import Company
from troth.channels.conversations import queries
from troth.channels.conversations.models import Conversation

HERE = "/console/conversations/"


@dataclass
class Operator:
    """A member of the staff at the inbox."""

    browser: Client
    ref: str

    def get(self, path: str = "", **data: str) -> Any:
        return self.browser.get(f"{HERE}{path}", data)

    def post(self, path: str, **data: Any) -> Any:
        return self.browser.post(f"{HERE}{path}", data)

    def reads(self, path: str = "", **data: str) -> str:
        answer = self.get(path, **data)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {words(answer)}"
        return words(answer)

    def change(self, found: Conversation, do: str, **data: Any) -> Any:
        """Press a button of the conversation as a page made just now has it."""
        revision = queries.by_ref(found.ref).revision
        return self.post(f"{found.ref}/change", **{"do": do, "revision": revision} | data)

    def says(self, found: Conversation, text: str, **data: Any) -> Any:
        typed = {"text": text, "client_id": str(uuid4()), "kind": "reply", "do": "send"}
        return self.post(f"{found.ref}/write", **typed | data)


def operator(company: Company, name: str) -> Operator:
    return Operator(company.browser(name), company.member(name).ref)


def fresh(found: Conversation) -> Conversation:
    return queries.by_ref(found.ref)
