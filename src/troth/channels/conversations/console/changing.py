"""Changes to one conversation: who has it, how far it is, tags, links, tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from troth.channels.conversations import actions, queries
from troth.channels.conversations.console import wording
from troth.channels.conversations.console.inbox import member, queue
from troth.channels.conversations.console.showing import shown
from troth.channels.conversations.console.writing import behind, found_url
from troth.channels.conversations.models import Conversation, FollowUp
from troth.channels.conversations.refusals import StaleDenied
from troth.core import clock
from troth.core.errors import Invalid, Missing, Refusal

MORNING: Final = time(9)
Change = Callable[[Any, Conversation, int | None], str]


@require_POST
def change(request: Any, ref: str) -> HttpResponse:
    """One change, as the button `do` says; the page's `revision` guards against overwriting."""
    found = queries.by_ref(ref)
    verb, _, value = request.POST.get("do", "").partition(":")
    do = CHANGES.get(verb)
    if do is None:
        raise Invalid("There is no such button.", do="Use those of the page.")
    typed = {"draft": request.POST.get("text", ""), "value": value}
    revision = request.POST.get("revision", "")
    try:
        told = do(request, found, int(revision) if revision.isdecimal() else None)
    except StaleDenied as stale:
        return behind(request, found, stale, **typed)
    except Refusal as refusal:
        return shown(request, queries.by_ref(ref), status=refusal.status, refused=refusal, **typed)
    if told:
        messages.success(request, told)
    return redirect(found_url(request, found))


def _value(request: Any, name: str) -> str:
    """What the field holds, or what stands behind the button's own word."""
    own = request.POST.get("do", "").partition(":")[2]
    return str(own or request.POST.get(name, "")).strip()


def _take(request: Any, found: Conversation, revision: int | None) -> str:
    actions.take(found, actor=request.actor, revision=revision)
    return "It is yours."


def _release(request: Any, found: Conversation, revision: int | None) -> str:
    actions.release(found, actor=request.actor, revision=revision)
    return "It waits for somebody again."


def _assign(request: Any, found: Conversation, revision: int | None) -> str:
    ref = _value(request, "member")
    if not ref:
        return _release(request, found, revision)
    to = member(ref)
    actions.assign(found, actor=request.actor, to=to, revision=revision)
    return f"It is with {wording.member_label(to, request.member.ref)} now."


def _transfer(request: Any, found: Conversation, revision: int | None) -> str:
    kind, _, ref = _value(request, "to").partition("/")
    if kind == "queue":
        actions.transfer(found, actor=request.actor, queue=queue(ref), revision=revision)
        return "It went to the other queue."
    hand = actions.transfer if found.assignee_id == request.member.pk else actions.assign
    hand(found, actor=request.actor, to=member(ref), revision=revision)
    return "It was handed over."


def _state(request: Any, found: Conversation, revision: int | None) -> str:
    state = _value(request, "state")
    if state not in Conversation.State.values:
        raise Invalid("There is no such state.", do="Pick one from the list.")
    actions.set_state(found, actor=request.actor, state=state, revision=revision)
    return f"It is {wording.STATES[state].word} now."


def _priority(request: Any, found: Conversation, revision: int | None) -> str:
    given = _value(request, "priority")
    if given not in {"1", "2", "3", "4"}:
        raise Invalid("There is no such priority.", do="Pick one from the list.")
    actions.set_priority(found, actor=request.actor, priority=int(given), revision=revision)
    return f"Its priority is {wording.PRIORITIES[int(given)].word} now."


def _tag(request: Any, found: Conversation, revision: int | None) -> str:
    name = _value(request, "tag")[:40]
    if not name:
        raise Invalid("A tag needs a name.", do="Type one, or pick one from the list.")
    actions.tag(found, actor=request.actor, name=name, revision=revision)
    return ""


def _untag(request: Any, found: Conversation, revision: int | None) -> str:
    actions.untag(found, actor=request.actor, name=_value(request, "tag"), revision=revision)
    return ""


def numbered(text: str) -> Conversation:
    """The conversation of this number, with or without its sign. Raises `Missing`."""
    digits = text.strip().removeprefix("#")
    number = int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 10 else 0  # noqa: PLR2004
    found = queries.by_number(number) if number else None
    if found is None:
        raise Missing("There is no conversation of this number.", do="Look it up in the list.")
    return found


def _link(request: Any, found: Conversation, _revision: int | None) -> str:
    kind = request.POST.get("kind", "related")
    other = numbered(request.POST.get("number", ""))
    kind = kind if kind in wording.LINKS else "related"
    actions.link(found, actor=request.actor, other=other, kind=kind)
    return f"Linked to #{other.number}."


def _unlink(request: Any, found: Conversation, _revision: int | None) -> str:
    actions.unlink(found, actor=request.actor, other=numbered(_value(request, "number")))
    return ""


def _to_ticket(request: Any, found: Conversation, revision: int | None) -> str:
    actions.to_ticket(found, actor=request.actor, revision=revision)
    return "It goes on by mail."


def _to_chat(request: Any, found: Conversation, revision: int | None) -> str:
    actions.to_chat(found, actor=request.actor, revision=revision)
    return "It goes on as a chat."


def _unmerge(request: Any, found: Conversation, revision: int | None) -> str:
    actions.unmerge(found, actor=request.actor, revision=revision)
    return "It stands by itself again."


def _ask_rating(request: Any, found: Conversation, _revision: int | None) -> str:
    asked = actions.ask_rating(found, actor=request.actor)
    return (
        f"They are asked how it went, {'in the chat' if found.way == 'chat' else 'by mail'}."
        if asked
        else "Nobody is asked: they were already, nobody has answered, there is no address of "
        "theirs that may be used, or the desk does not ask."
    )


def _follow_up(request: Any, found: Conversation, _revision: int | None) -> str:
    due = _due(request.POST.get("due", ""))
    kind = request.POST.get("task", "look")
    kind = kind if kind in wording.FOLLOW_UPS else "look"
    actions.follow_up(found, actor=request.actor, due_at=due, kind=kind)
    return "It comes back to you on that day."


def _due(given: str) -> datetime:
    day = parse_date(given) if given else None
    today = timezone.localdate(clock.now())
    if day is None or not today <= day <= today + timedelta(days=731):
        raise Invalid("A task needs a day from today on.", do="Pick one.")
    return timezone.make_aware(datetime.combine(day, MORNING))


CHANGES: Final[dict[str, Change]] = {
    "take": _take,
    "release": _release,
    "assign": _assign,
    "transfer": _transfer,
    "state": _state,
    "priority": _priority,
    "tag": _tag,
    "untag": _untag,
    "link": _link,
    "unlink": _unlink,
    "to-ticket": _to_ticket,
    "to-chat": _to_chat,
    "unmerge": _unmerge,
    "ask-rating": _ask_rating,
    "follow-up": _follow_up,
}


@require_POST
def task_done(request: Any, pk: UUID) -> HttpResponse:
    task = FollowUp.objects.filter(pk=pk).select_related("conversation").first()
    if task is None:
        raise Missing("There is no such task.", why="It was done or removed already.")
    actions.follow_up_done(task, actor=request.actor)
    messages.success(request, "Done.")
    return redirect(found_url(request, task.conversation))
