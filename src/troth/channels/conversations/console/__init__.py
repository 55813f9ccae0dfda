"""The inbox of the console: its line in the rail, and what waits in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from troth.channels.conversations.mailing import desks
from troth.channels.conversations.models import Conversation, FollowUp, RawMail
from troth.core import clock
from troth.kit.words import plural

READ: Final = "inbox.read"
SET_UP: Final = "desk.manage"
GIVE: Final = "grants.give"
_OPEN: Final = (Conversation.State.OPEN, Conversation.State.WAITING, Conversation.State.HOLD)


def _mine(request: Any) -> int:
    """What the member has to answer, and what nobody has."""
    found = Conversation.objects.filter(
        state=Conversation.State.OPEN, merged_into=None, last_seq__gt=0
    )
    member = request.member.pk
    return found.filter(assignee=member).count() + found.filter(assignee=None).count()


RAIL: Final[list[dict[str, Any]]] = [
    {
        "key": "i",
        "label": "Inbox",
        "icon": "chat",
        "url": "conversations:inbox",
        "need": READ,
        "order": 9,
        "count": _mine,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """Conversations that nobody has or the member has to answer, tasks, and mail that is held."""
    if READ not in request.actor.abilities:
        return
    inbox = reverse("conversations:inbox")
    active = Conversation.objects.filter(state__in=_OPEN, merged_into=None, last_seq__gt=0)
    if free := active.filter(assignee=None).count():
        verb = "waits" if free == 1 else "wait"
        text = f"{plural(free, 'conversation')} {verb} for somebody"
        yield {"text": text, "url": f"{inbox}?view=free"}
    mine = active.filter(assignee=request.member.pk, state=Conversation.State.OPEN).count()
    if mine:
        yield {"text": f"{plural(mine, 'conversation')} of yours to answer", "url": inbox}
    tasks = FollowUp.objects.filter(
        member=request.member.pk, done_at=None, due_at__lte=clock.now()
    ).select_related("conversation")
    for task in tasks[:5]:
        url = reverse("conversations:conversation", args=[task.conversation.ref])
        yield {"text": f"Come back to #{task.conversation.number}", "url": url}
    if GIVE in request.actor.abilities:
        from troth.channels.conversations.console.asked import asked_for  # noqa: PLC0415 - no cycle

        for one in asked_for()[:5]:
            url = reverse("conversations:grant", args=[one.conversation.ref])
            query = urlencode({"member": one.member, "ground": one.ground})
            text = f"A colleague asks to read #{one.conversation.number}"
            yield {"text": text, "url": f"{url}?{query}"}
    able = SET_UP in request.actor.abilities
    if able and desks.contested():
        text = "Another organisation claims your mail's address: no mail comes in"
        yield {"text": text, "url": reverse("conversations:quarantine")}
    stuck = RawMail.objects.filter(state=RawMail.State.QUARANTINE).count() if able else 0
    if stuck:
        text = f"{plural(stuck, 'mail')} in quarantine"
        yield {"text": text, "url": reverse("conversations:quarantine")}
