"""The company of these tests: who is on its staff, and how its desk stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import pytest
from django.test import Client

from troth.channels.accounts import sign_ins
from troth.channels.accounts.api import register_staff
from troth.channels.accounts.devices import Device
from troth.channels.accounts.middleware import SESSION_MARK
from troth.channels.conversations import actions
from troth.channels.conversations.models import (
    Conversation,
    Desk,
    Message,
    Presence,
    Queue,
    QueueMember,
)
from troth.core import clock
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.people.records import Given
from troth.core.staff.members import make_standard_roles, staff_actor
from troth.core.staff.models import Membership

FILES: Final = ("main.sqlite3", "keyring.sqlite3")
STAFF: Final = Actor.system("cli")
ROLES: Final = {"owner": "Owner", "ann": "Agent", "ben": "Agent", "auditor": "Auditor"}
ALWAYS: Final = {str(day): [["00:00", "24:00"]] for day in range(7)}
BACKEND = "troth.channels.accounts.backends.SealedAddressBackend"

BOTH = pytest.mark.parametrize(
    "company", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""For tests of what the databases do differently; the others run on SQLite alone."""


def furnish() -> None:
    """Four members of the staff, a desk that is always open and a queue of the two agents."""
    purposes = {key: one.use for key, one in current().rules.purposes.items()}
    roles = make_standard_roles(purposes)
    for name, role in ROLES.items():
        register_staff(
            STAFF, name.title(), f"{name}@staff.example", roles[role],
            password="six geese a-laying eggs", undertaken=True,
        )  # fmt: skip
    Desk.objects.create(hours=ALWAYS)
    queue = Queue.objects.create(name="Support", takes=["chat", "mail", "call", "letter"])
    for member in members().values():
        if member.role.name == "Agent":
            QueueMember.objects.create(queue=queue, member=member)


def members() -> dict[str, Membership]:
    found = Membership.objects.select_related("role", "user").order_by("id")
    return dict(zip(ROLES, found, strict=True))


@dataclass(frozen=True)
class Company:
    """An organisation in scope, with its policy published and its desk furnished."""

    organisation: Organisation
    urls: tuple[str, str]

    def member(self, name: str) -> Membership:
        return members()[name]

    def actor(self, name: str) -> Actor:
        return staff_actor(self.member(name))

    @property
    def queue(self) -> Queue:
        return Queue.objects.get(name="Support")

    def at_the_desk(self, *names: str) -> None:
        """These take chats now."""
        for name in names:
            Presence.objects.update_or_create(
                member=self.member(name), defaults={"available": True, "seen_at": clock.now()}
            )

    def browser(self, name: str = "") -> Client:
        """A browser at the company's host, logged in as a member of the staff or as nobody."""
        host = self.organisation.host
        browser = Client(headers={"host": host}, raise_request_exception=False)
        if not name:
            return browser
        user = self.member(name).user
        browser.force_login(user, BACKEND)
        session = browser.session
        device = Device("Firefox", "127.0.0.0/16")
        begun = sign_ins.begin(user, device, actor=STAFF, session_key=session.session_key)
        session[SESSION_MARK] = str(begun.pk)
        session.save()
        return browser

    def chat(self, text: str = "Hello, is anybody there?") -> tuple[Conversation, str]:
        """A visitor opens a chat."""
        return actions.open_chat(actor=Actor.visitor(), text=text, client_id=uuid4())

    def mail(
        self,
        address: str = "mary@example.com",
        *,
        name: str = "Mary",
        subject: str = "Printer",
        text: str = "It prints nothing.",
    ) -> tuple[Conversation, Message]:
        """Somebody writes a mail, which becomes a ticket."""
        given = [Given("name", "user.name", name), Given("email", "user.contact.email", address)]
        return actions.open_ticket(
            actor=Actor.visitor(), way="mail", touchpoint="tickets.mail", given=given,
            subject=subject, text=text, client_id=uuid4(),
        )  # fmt: skip
