"""The exchange of one live process: who is connected, and what goes to whom.

All of it runs in the event loop's thread. The database is met in two threads: one writes messages,
the other does the rest, so that nobody who comes back holds up what is being said.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from troth.channels.conversations.live import frames
from troth.channels.conversations.live.catching_up import Ask, Found, catch_up, newest
from troth.channels.conversations.live.clients import ChatSocket, Client, Place, Poll, topic
from troth.channels.conversations.live.entering import Entry, Hello, enter
from troth.channels.conversations.live.noting import Note, note
from troth.channels.conversations.live.saying import Said, Saying, Written
from troth.channels.conversations.refusals import ConversationMissing
from troth.core.errors import Refusal
from troth.core.organisations.scope import everywhere
from troth.kit.live import bus
from troth.kit.live.gathering import Gathering
from troth.kit.live.topics import Topics

MOST_LATER: Final = 50
MOST_ITEMS: Final = 100  # messages in a frame
REFUSED: Final = 4403
TOGETHER: Final = 0.01  # seconds; what a storing costs at the least is about as long
SWEEP_EVERY: Final = 10.0  # seconds; finds what the bus lost
FOR_VISITORS: Final = frozenset(
    {"secure-form", "files", "set-state", "asked-rating", "rated", "taken", "given", "transferred"}
)
"""What a visitor hears of, of all that happens to their chat; all else is the staff's."""
PASSING: Final = frozenset({"side", "seq", "online"})
SHOWN: Final = frozenset({"state", "form"})


class Exchange:
    """Connections, gathered work, and the bus."""

    def __init__(self) -> None:
        self.topics = Topics()
        self.leaving = False
        self._writer = ThreadPoolExecutor(1, "live-writer")
        self._aside = ThreadPoolExecutor(1, "live-aside")
        self._saying = Saying(self._hearers)
        self.saying: Gathering[Said, Written] = Gathering(
            self._saying, self._writer, every=TOGETHER, done=self._written
        )
        self.asking: Gathering[Ask, Found] = Gathering(catch_up, self._aside, most=50)
        self.entering: Gathering[Hello, Entry] = Gathering(enter, self._aside, most=200)
        self.noting: Gathering[Note, Refusal | None] = Gathering(note, self._aside)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Hear what this process itself publishes, and look now and then for what was missed."""
        self._loop = asyncio.get_running_loop()
        bus.hear_here(self._told_here)
        self.soon(self._sweep_always())

    def going(self) -> None:
        """The process ends: who waits for an answer gets it now, and nobody waits any more."""
        self.leaving = True
        for name in self.topics.names():
            for listener in self.topics.of(name):
                if isinstance(listener, Poll):
                    listener.end(1012, "going")

    async def stop(self) -> None:
        """Write what is waiting; then no more."""
        await self.saying.rest()
        await self.noting.rest()
        for task in tuple(self._tasks):
            task.cancel()
        self._writer.shutdown()
        self._aside.shutdown()

    def soon(self, work: Any) -> None:
        """Have a coroutine run by itself."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def say(self, said: Said) -> None:
        """Have it written; it is acknowledged once it is. Raises what refuses it."""
        written = await self.saying.put(said)
        if written.fault is not None:
            raise written.fault
        if written.refusal is not None:
            raise written.refusal

    # Who is connected

    def join(
        self, client: Client, conversation: UUID, after: int, *, quietly: bool = False
    ) -> None:
        """The client hears this conversation from `after` on, and gets what there is."""
        client.places[conversation] = Place(seq=after, known=after)
        self.topics.join(client.listener, topic(conversation))
        self.behind(client, conversation)
        if not quietly:
            self.presence(conversation, client.side, online=True)

    async def join_staff(self, client: Client, conversation: UUID, after: int) -> None:
        """As `join`, for a conversation that has to be looked up first. Raises
        `ConversationMissing`; what the member may not read is told to them, and they hear the rest.
        """
        found = await self.asking.put(Ask(client, conversation, after))
        if isinstance(found.refusal, ConversationMissing):
            raise found.refusal
        place = Place(seq=after, known=after, catching=True)
        client.places[conversation] = place
        self.topics.join(client.listener, topic(conversation))
        self.soon(self._catch_up(client, conversation, place, found))
        self.presence(conversation, client.side, online=True)

    def leave(self, client: Client, conversation: UUID) -> None:
        client.places.pop(conversation, None)
        self.topics.leave(client.listener, topic(conversation))

    def gone(self, client: Client) -> None:
        """The client is not connected any more."""
        self.topics.leave_all(client.listener)
        joined = list(client.places)
        client.places.clear()
        if isinstance(client.listener, Poll):
            return  # it comes back in a moment
        for conversation in joined:
            others = self._hearers(conversation)
            if not any(one.side == client.side for one in others):
                self.presence(conversation, client.side, online=False)

    def presence(self, conversation: UUID, side: str, *, online: bool) -> None:
        self.tell(
            topic(conversation),
            {
                "kind": "presence",
                "conversation": str(conversation),
                "side": side,
                "online": online,
            },
        )

    def _hearers(self, conversation: UUID) -> list[Client]:
        return list(_clients(self.topics.of(topic(conversation))))

    # What was written here

    def _written(self, batch: Sequence[Said], results: Sequence[Written]) -> None:
        """Hand on what is on the disk now. An acknowledgement is its sender's own message."""
        new = []
        for said, one in zip(batch, results, strict=True):
            if one.refusal is not None or one.fault is not None:
                continue  # its sender is told by whoever waits for it
            if one.repeated:
                said.client.listener.take(_ack(one))
            else:
                new.append((said, one))
        new.sort(key=lambda pair: (pair[1].conversation.int, pair[1].item.seq))
        for conversation, pairs in groupby(new, key=lambda pair: pair[1].conversation):
            self._spread(conversation, list(pairs))

    def _spread(self, conversation: UUID, pairs: list[tuple[Said, Written]]) -> None:
        made: dict[tuple[int, int, bool, bool], str] = {}
        for client in {*self._hearers(conversation), *(said.client for said, _ in pairs)}:
            place = client.places.get(conversation)
            for said, one in pairs:
                mine = said.client is client
                if place is None:
                    client.listener.take(_ack(one))  # it polls, and hears nothing else
                elif not _next(place, one) or not _hand_on(client, place, one, mine, made):
                    if mine:
                        client.listener.take(_ack(one))
                    self._later(client, place, one, mine=mine)

    def _later(self, client: Client, place: Place, one: Written, *, mine: bool) -> None:
        """It does not come next for the client: what comes before it is fetched first."""
        if one.item.seq <= place.seq:
            return
        if place.catching and len(place.later) < MOST_LATER:
            place.later.append((one, mine))
        else:
            self.behind(client, one.conversation)

    # What is to be fetched

    def behind(self, client: Client, conversation: UUID) -> None:
        """Fetch what the client lacks, once at a time."""
        place = client.places.get(conversation)
        if place is None:
            return
        if place.catching:
            place.missed = True
            return
        place.catching = True
        self.soon(self._catch_up(client, conversation, place))

    def back(self, client: Client, conversation: UUID, after: int) -> None:
        """The client found a gap: from `after` on, again."""
        place = client.places.get(conversation)
        if place is not None:
            place.back = min(place.known, after)
            self.behind(client, conversation)

    async def _catch_up(
        self, client: Client, conversation: UUID, place: Place, found: Found | None = None
    ) -> None:
        """`found` is what was fetched before it listened; what came between is fetched after."""
        try:
            while True:
                place.missed = found is not None
                if place.back is not None:
                    place.seq = place.known = place.back
                    place.back = found = None
                if found is None:
                    found = await self.asking.put(Ask(client, conversation, place.seq))
                if client.places.get(conversation) is not place:
                    return
                await self._give(client, conversation, place, found)
                if found.more:
                    await client.listener.settled()
                    place.missed = True
                else:
                    _go_on(client, place)
                if not place.missed:
                    return
                found = None
        except Exception:  # noqa: BLE001 - logged where it was gathered; the sweep tries again
            return
        finally:
            place.catching = False
            place.later.clear()

    @staticmethod
    async def _give(client: Client, conversation: UUID, place: Place, found: Found) -> None:
        staff = str(conversation) if client.member is not None else ""
        if found.refusal is not None:
            more = {"conversation": staff} if staff else {}
            client.listener.take(frames.error(found.refusal, **more))
            if not staff and isinstance(found.refusal, ConversationMissing):
                client.listener.end(REFUSED, "this chat is over here")
            place.seq = found.seq
            return
        items = [item for item in found.items if item.seq > place.seq]
        if client.member is None:
            items = [item for item in items if item.side != "note"]
        for start in range(0, len(items), MOST_ITEMS):
            some = items[start : start + MOST_ITEMS]
            seq = some[-1].seq
            client.listener.take(frames.messages(some, after=place.known, seq=seq, staff=staff))
            place.known = seq
            if start + MOST_ITEMS < len(items):
                await client.listener.settled()
        place.seq = max(place.seq, found.seq)

    # What is told

    def tell(self, to: str, message: dict[str, Any]) -> None:
        """Tell those who listen to a topic, here and in the other live processes."""
        self.heard([(to, message)])
        self.noting.push(Note(UUID(int=0), told=((to, {**message, "said": True}),)))

    def _told_here(self, told: Sequence[bus.Told]) -> None:
        """From whichever thread just committed."""
        if self._saying.writing:
            told = [one for one in told if not _spread_anyway(one)]
        told = [one for one in told if "said" not in one[1]]
        if told and self._loop is not None:
            self._loop.call_soon_threadsafe(self.heard, told)

    def heard(self, told: Sequence[bus.Told]) -> None:
        """Pass on what was told; what has words is fetched."""
        for to, message in told:
            message.pop("said", None)
            listeners = self.topics.of(to)
            if not listeners:
                continue
            conversation = _conversation(to)
            if message.get("kind") == "message" and conversation is not None:
                seq = message.get("seq", 0)
                for client in _clients(listeners):
                    place = client.places.get(conversation)
                    if place is not None and place.seq < seq:
                        self.behind(client, conversation)
                continue
            self._news(to, message, listeners)

    @staticmethod
    def _news(to: str, message: dict[str, Any], listeners: Iterable[Any]) -> None:
        kind = message.get("kind", "")
        staff = json.dumps({"t": "news", "topic": to.partition(":")[0], **message}, default=str)
        for client in _clients(listeners):
            if client.member is not None:
                if str(client.member) != message.get("by"):
                    client.listener.take(staff)
            elif kind in ("typing", "presence", "seen") and message.get("side") == "staff":
                name = "read" if kind == "seen" else kind
                shown = {key: message[key] for key in PASSING if key in message}
                client.listener.take(frames.out(name, **shown))
            elif (happened := message.get("did", kind)) == "to-ticket":
                client.listener.end(REFUSED, "it goes on by mail")
            elif happened in FOR_VISITORS:
                told = {key: message[key] for key in SHOWN if key in message}
                client.listener.take(frames.out("state", kind=happened, **told))

    # What was lost

    def look_again(self) -> None:
        """Something may have been missed: compare how far everybody is."""
        self.soon(self._sweep())

    async def _sweep_always(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            try:
                await self._sweep()
            except Exception:  # noqa: BLE001, S112 - the database may be away; it is tried again
                continue

    async def _sweep(self) -> None:
        here = {found for name in self.topics.names() if (found := _conversation(name))}
        if not here:
            return
        last = await asyncio.get_running_loop().run_in_executor(self._aside, _newest, list(here))
        for conversation, seq in last.items():
            for client in self._hearers(conversation):
                place = client.places.get(conversation)
                if place is not None and place.seq < seq:
                    self.behind(client, conversation)


def _spread_anyway(told: bus.Told) -> bool:
    """Whether it is what was just written here, which goes on with its words."""
    return told[0].startswith("conversation:") and told[1].get("kind") == "message"


def _newest(of: Sequence[UUID]) -> dict[UUID, int]:
    with everywhere("how far conversations are, by number alone"):
        return newest(of)


def _clients(listeners: Iterable[Any]) -> Iterable[Client]:
    for listener in listeners:
        if isinstance(listener, ChatSocket | Poll) and listener.client is not None:
            yield listener.client


def _conversation(name: str) -> UUID | None:
    kind, _, rest = name.partition(":")
    return UUID(rest) if kind == "conversation" else None


def _ack(one: Written, **more: int) -> str:
    item = one.item
    shown: dict[str, Any] = {"id": item.id, "seq": item.seq, "at": item.at, **more}
    if item.masked:
        shown |= {"masked": list(item.masked), "text": item.text}
    return frames.out("ack", **shown)


def _next(place: Place, one: Written) -> bool:
    return not place.catching and place.seq == one.item.seq - 1


def _go_on(client: Client, place: Place) -> None:
    """After what was fetched, what was written while it was: without fetching it too, or a busy
    process would never be done with fetching.
    """
    later, place.later = sorted(place.later, key=lambda pair: pair[0].item.seq), []
    for one, mine in later:
        if one.item.seq <= place.seq:
            continue
        if one.item.seq > place.seq + 1 or not _hand_on(client, place, one, mine, {}):
            place.missed = True
            return


def _hand_on(
    client: Client,
    place: Place,
    one: Written,
    mine: bool,
    made: dict[tuple[int, int, bool, bool], str],
) -> bool:
    """Send the message that comes next for the client; False where it has to be fetched."""
    item, staff = one.item, client.member is not None
    if mine:
        frame = _ack(one, after=place.known)
    elif not staff and item.side == "note":
        place.seq = item.seq  # nothing for them; the next message tells nothing of it either
        return True
    elif not staff and not (one.chat and (one.told or not item.text)):
        return False
    elif staff and client.member not in one.asked_of:
        return False  # they joined since it was written, so nobody has asked whether they may
    else:
        words = one.told and (not staff or client.member in one.open_to)
        key = item.seq, place.known, words, staff
        if key not in made:
            name = str(one.conversation) if staff else ""
            made[key] = frames.messages(
                [item], after=place.known, seq=item.seq, words=words, staff=name
            )
        frame = made[key]
    place.seq = place.known = item.seq
    client.listener.take(frame)
    return True
