"""Open chats to measure with: so many, shared out among members of the staff."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from bench.chatting import AT_A_DESK
from troth.channels.accounts import sign_ins
from troth.channels.accounts.api import register_staff
from troth.channels.accounts.devices import Device
from troth.channels.conversations import actions
from troth.channels.conversations.models import Conversation
from troth.core.actors import Actor
from troth.core.ids import row_id
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.staff.members import make_standard_roles
from troth.core.staff.models import Membership

BATCH: Final = 200  # chats opened in one transaction, which only the making of them is


def measure(count: str) -> list[dict[str, str]]:
    """The chats: id, reference, secret and whose they are."""
    with scope(Organisation.objects.get()):
        members = _members(-(-int(count) // AT_A_DESK))
        made = []
        for start in range(0, int(count), BATCH):
            with transaction.atomic():
                made += [
                    actions.open_chat(
                        actor=Actor.visitor(), text="Hello, is anybody there?", client_id=row_id()
                    )
                    for _ in range(min(BATCH, int(count) - start))
                ]
        found = []
        for number, (chat, secret) in enumerate(made):
            member = members[number // AT_A_DESK]
            found.append(
                {"id": str(chat.pk), "ref": chat.ref, "secret": secret, "member": str(member.pk)}
            )
        for member in members:
            mine = [one["id"] for one in found if one["member"] == str(member.pk)]
            Conversation.objects.filter(pk__in=mine).update(assignee=member)
        return found


def _members(count: int) -> list[Membership]:
    roles = make_standard_roles({key: one.use for key, one in current().rules.purposes.items()})
    before = set(Membership.objects.values_list("pk", flat=True))
    for number in range(count):
        register_staff(
            Actor.system("cli"),
            f"Member {number}",
            f"member{number}@staff.example",
            roles["Agent"],
            password="six geese a-laying eggs",
            undertaken=True,
        )
    return list(Membership.objects.exclude(pk__in=before).order_by("id"))


def signed_in(member: Membership) -> str:
    """The mark of a log-in of theirs, which their tickets need."""
    device = Device("Firefox", "127.0.0.0/16")
    begun = sign_ins.begin(member.user, device, actor=Actor.system("cli"), session_key="")
    return str(begun.pk)
