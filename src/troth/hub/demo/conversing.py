"""The demo's conversations: chats, mails and calls as a small company has them, by real actions.

Only the ways that the company's policy has: without a clause for chats there are none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle
from typing import Final
from uuid import uuid4

from django.db.models import F

from troth.channels.conversations import actions, queries
from troth.channels.conversations.actions import setting_up
from troth.channels.conversations.models import (
    Conversation,
    Desk,
    Message,
    Outgoing,
)
from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Refusal
from troth.core.notices.versions import current
from troth.core.people.records import Given
from troth.core.staff import grants
from troth.core.staff.models import Membership
from troth.hub.demo.cast import Human
from troth.hub.demo.history import History
from troth.hub.demo.threads import NOTE, THEM, Thread, canned, threads

VISITOR: Final = Actor.visitor()
PLACES: Final = {"chat": "chat.message", "mail": "tickets.mail", "call": "tickets.call"}
SPAN: Final = timedelta(days=120)
RECENT: Final = timedelta(hours=20)
MOST: Final = 48
WEEKDAYS: Final = {str(day): [["09:00", "17:30"]] for day in range(5)}
FRESH: Final = timedelta(days=2)
PRE_CHAT: Final = "chat.pre-chat"


def plan(history: History) -> None:
    """Furnish the desk, and put conversations among the events, each in its time."""
    history.add(history.now - SPAN - timedelta(days=1), lambda: _furnish(history))
    places = current().rules.touchpoints
    past = [thread for thread in threads("past") if PLACES[thread.way] in places]
    recent = [thread for thread in threads("now") if PLACES[thread.way] in places]
    if not past:
        return
    count = min(MOST, max(len(past), len(history.humans) // 6))
    people = cycle(history.humans)
    for number, thread in zip(range(count), cycle(past), strict=False):
        at = history.now - SPAN * (1 - number / (count + 1)) - RECENT
        history.add(_at_work(at), _begin(history, thread, next(people)))
    for number, thread in enumerate(recent):
        at = history.now - RECENT * (1 - number / len(recent))
        history.add(at, _begin(history, thread, next(people)))
    history.add(history.now - timedelta(minutes=4), lambda: _afterwards(history))


def settle() -> None:
    """Mail of past times has left in its time; only what is fresh is really sent."""
    old = Outgoing.objects.filter(left_at=None, message__sent_at__lt=clock.now() - FRESH)
    sent = list(old.values_list("message_id", flat=True))
    Outgoing.objects.filter(pk__in=sent).update(left_at=F("due_at"))
    Message.objects.filter(pk__in=sent).update(delivery=Message.Delivery.SENT)


def _furnish(history: History) -> None:
    owner, places = history.staff["owner"], current().rules.touchpoints
    asks = PRE_CHAT in places and any(field.required for field in places[PRE_CHAT].fields)
    given = {
        "hours": WEEKDAYS,
        "greeting": "Hello! How can we help?",
        "pre_chat": Desk.PreChat.OFFERED if asks else Desk.PreChat.OFF,
    }
    setting_up.set_desk(queries.desk(), actor=owner, given=given)
    _queues(owner)
    for short, text in canned().items():
        setting_up.set_canned(None, actor=owner, short=short, text=text)


def _begin(history: History, thread: Thread, human: Human) -> Callable[[], None]:
    def run() -> None:
        (_, _, first), *rest = thread.said
        opened = _open(history, thread, human, first)
        chosen = history.choose.choice(("agent", "agent2"))
        agent = history.staff[
            "agent" if thread.way == "call" else chosen
        ]  # who wrote it down has it
        at = clock.now()
        if rest:
            history.add(at + timedelta(minutes=1), lambda: _take(opened, agent, thread))
        for side, minutes, text in rest:
            at += timedelta(minutes=minutes + 1)
            history.add(at, _say(opened, agent, side, text))
        if thread.ends in ("solved", "hold"):
            history.add(at + timedelta(minutes=9), lambda: _end(opened, agent, thread))
        if thread.rating:
            history.add(
                at + timedelta(minutes=30),
                lambda: _quietly(lambda: actions.rate(opened, actor=VISITOR, rating=thread.rating)),
            )

    return run


def _open(history: History, thread: Thread, human: Human, first: str) -> Conversation:
    who = [
        Given("name", "user.name", human.name),
        Given("email", "user.contact.email", human.email),
    ]
    if thread.way == "chat":
        named = who if thread.named and PRE_CHAT in current().rules.touchpoints else []
        asks = queries.desk().pre_chat != Desk.PreChat.OFF
        given = named if asks else []
        return actions.open_chat(actor=VISITOR, text=first, client_id=uuid4(), given=given)[0]
    if thread.way == "call":
        return actions.open_by_hand(
            actor=history.staff["agent"],
            way="call",
            given=[*who[:1], Given("phone", "user.contact.phone_number", human.phone)],
            text=first,
            client_id=uuid4(),
        )
    return actions.open_ticket(
        actor=VISITOR,
        way="mail",
        touchpoint="tickets.mail",
        given=who,
        text=first,
        subject=thread.subject,
        client_id=uuid4(),
    )[0]


def _take(opened: Conversation, agent: Actor, thread: Thread) -> None:
    actions.take(opened, actor=agent)
    for name in thread.tags:
        actions.tag(opened, actor=agent, name=name, revision=None)
    if thread.priority != Conversation.Priority.NORMAL:
        actions.set_priority(opened, actor=agent, priority=thread.priority, revision=None)


def _say(opened: Conversation, agent: Actor, side: str, text: str) -> Callable[[], None]:
    def run() -> None:
        if side == NOTE:
            actions.note(opened, actor=agent, text=text)
            return
        actor = VISITOR if side == THEM else agent
        _quietly(
            lambda: actions.write(opened, actor=actor, side=side, text=text, client_id=uuid4())
        )

    return run


def _end(opened: Conversation, agent: Actor, thread: Thread) -> None:
    actions.set_state(opened, actor=agent, state=thread.ends, revision=None)


def _afterwards(history: History) -> None:
    """What is on the desk today: a task, a link, a saved view, and somebody's grant."""
    agent, owner = history.staff["agent"], history.staff["owner"]
    mine = Conversation.objects.filter(assignee__ref=agent.ref).order_by("-opened_at")
    if (first := mine.first()) is not None:
        due = _at_work(history.now + timedelta(days=2))
        actions.follow_up(first, actor=agent, due_at=due, kind="call")
    if len(both := list(mine.filter(taggings__tag__name="invoice")[:2])) > 1:
        actions.link(both[0], actor=agent, other=both[1])
    actions.save_view(
        None, actor=owner, name="Urgent and open", filters={"state": "open", "priority": 4},
        shared=True,
    )  # fmt: skip
    if (rated := Conversation.objects.filter(rating=3).first()) is not None:
        grants.give(
            actor=owner, member=Membership.objects.get(ref=agent.ref), record=rated.pk,
            subject=rated.person.ref, ground=next(iter(grants.grounds())), hours=48,
        )  # fmt: skip


def _queues(owner: Actor) -> None:
    takers = list(Membership.objects.filter(role__name__in=("Agent", "Owner")))
    for order, (name, takes, turns, first) in enumerate(
        (("Chat", ["chat"], True, 2), ("Help desk", ["mail", "call", "letter"], False, 240))
    ):
        given = setting_up.QueueGiven(
            name=name,
            takes=takes,
            round_robin=turns,
            first_answer_minutes=first,
            next_answer_minutes=first * 2,
            solve_minutes=2400,
            order=order,
            members=takers,
        )
        setting_up.set_queue(None, actor=owner, given=given)


def _quietly(run: Callable[[], object]) -> None:
    """A chat may have ended in the meantime, as chats do."""
    try:
        run()
    except Refusal:
        return


def _at_work(at: datetime) -> datetime:
    """The same day in office hours, the Monday after where nobody works."""
    moved = at.replace(hour=9 + at.hour % 7)
    return moved + timedelta(days=(7 - moved.weekday()) if moved.weekday() > 4 else 0)  # noqa: PLR2004
