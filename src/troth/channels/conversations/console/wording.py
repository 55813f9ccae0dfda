"""What the inbox says: states with their signs, targets with the time left, members, history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from troth.channels.conversations.models import Conversation
from troth.core import clock
from troth.core.people.models import Person
from troth.core.staff.models import Membership
from troth.kit.words import duration, listing

SHORT: Final = 6
SOON: Final = timedelta(hours=1)


class Sign(NamedTuple):
    """A state as a badge of the kit shows it: its colour, its word, its sign."""

    kind: str
    word: str
    icon: str = ""


class Due(NamedTuple):
    """The next target of a conversation, with the time left in words."""

    kind: str
    word: str
    at: datetime
    icon: str = "clock"


STATES: Final[Mapping[str, Sign]] = {
    "open": Sign("info", "open", "inbox"),
    "waiting": Sign("neutral", "waiting for them", "clock"),
    "hold": Sign("caution", "on hold", "minus"),
    "solved": Sign("good", "solved", "good"),
    "closed": Sign("neutral", "closed", "sealed"),
}
PRIORITIES: Final[Mapping[int, Sign]] = {
    1: Sign("neutral", "low", "down"),
    2: Sign("neutral", "normal", "minus"),
    3: Sign("caution", "high", "up"),
    4: Sign("bad", "urgent", "flag"),
}
WAYS: Final[Mapping[str, tuple[str, str]]] = {
    "chat": ("Chat", "chat"),
    "mail": ("Mail", "mail"),
    "call": ("Call", "phone"),
    "letter": ("Letter", "post"),
}
DELIVERIES: Final[Mapping[str, Sign]] = {
    "queued": Sign("neutral", "waits to leave", "clock"),
    "sent": Sign("neutral", "sent", "check"),
    "failed": Sign("bad", "not delivered", "bad"),
    "bounced": Sign("bad", "came back", "undo"),
}
CHECKS: Final[Mapping[str, Sign]] = {
    "pass": Sign("good", "passed"),
    "fail": Sign("bad", "failed"),
    "softfail": Sign("caution", "is in doubt"),
    "none": Sign("neutral", "not there"),
    "neutral": Sign("neutral", "says nothing"),
    "temperror": Sign("caution", "could not be asked"),
    "permerror": Sign("caution", "is broken"),
}
MASKED: Final[Mapping[str, str]] = {
    "card": "a card number",
    "iban": "a bank account",
    "national-id": "a national id",
    "password": "a password",
}
HELD: Final[Mapping[str, str]] = {
    "stranger": "It names this conversation, and comes from an address that takes no part in it.",
    "forged": "It claims an address that takes part, and neither SPF nor DKIM bears that out.",
    "report": "It reports on one of our mails, and did not come the way such reports come.",
    "unchecked": "It was in quarantine, and nobody knows any more where it came from.",
    "looping": "It looks like the answer of a machine to a machine.",
}
# What happened, as the history and the thread tell it; `who` is put before it.
DID: Final[Mapping[str, str]] = {
    "acknowledged": "said by mail that it came",
    "added-participant": "let somebody else take part by mail",
    "answered": "answered",
    "asked-rating": "asked how it went",
    "asked-to-read": "asked to be let read it",
    "assigned": "gave it to {to}",
    "follow-up": "planned to come back to it",
    "followed-up": "came back to it",
    "gave-back": "took {number} out of it",
    "given": "gave it to {to}, whose turn it was",
    "identified": "said who they are",
    "linked": "linked it to {number}",
    "merged": "merged it into {into}",
    "opened": "began it",
    "overdue": "noticed that it is late",
    "queued": "moved it to another queue",
    "rated": "rated it",
    "released": "put it back",
    "removed-participant": "took somebody out who took part by mail",
    "reopened": "opened it again",
    "set-priority": "made its priority {priority}",
    "set-state": "set it to {state}",
    "split": "split {number} off",
    "split-off": "split it off from {number}",
    "tagged": "tagged it {tag}",
    "taken": "took it",
    "to-chat": "made it a chat again",
    "to-ticket": "made it a ticket",
    "took-in": "merged {number} into it",
    "transferred": "handed it to {to}",
    "unlinked": "took the link to {number} off",
    "unmerged": "took it out of {number}",
    "untagged": "took the tag {tag} off",
}
FOLLOW_UPS: Final = {"look": "Look at it again", "call": "Call them", "write": "Write to them"}
ASKED_BACK: Final = {"related": "is about the same as", "cause": "is the cause of",
                     "duplicate": "is said again in"}  # fmt: skip
LINKS: Final = {"related": "is about the same as", "cause": "is because of",
                "duplicate": "says the same as"}  # fmt: skip


# What a system message says, by its key; `who` did it.
SAID: Final[Mapping[str, str]] = {
    "secure-form": "{who} asked for something by a secure form",
    "transferred": "{who} handed it on; the visitor was told",
    "bounced": "The last mail came back: their server did not take it",
}


def system_words(said: str, who: str) -> str:
    """A system message in words."""
    words = SAID.get(said)
    return words.format(who=who) if words else said.replace("-", " ").capitalize()


def theirs(label: str) -> str:
    """A form's label, which speaks to the person, as the staff reads it: `Your name` is a name."""
    rest = label.removeprefix("Your ")
    return rest[:1].upper() + rest[1:]


def member_label(member: Membership | None, me: str = "") -> str:
    """`Agent 3fa2c1`, as the whole console calls members of the staff."""
    if member is None:
        return "nobody"
    label = f"{member.role.name} {member.ref[:SHORT]}"
    return f"{label} (you)" if member.ref == me else label


def person_label(person: Person) -> str:
    kind = "Visitor" if person.state == Person.State.ANONYMOUS else "Person"
    return f"{kind} {person.ref[:SHORT]}"


def due(found: Conversation, now: datetime | None = None) -> Due | None:
    """The next target, in words and never by colour alone."""
    now = now or clock.now()
    at = target(found)
    if at is None:
        return None
    what = "Solve" if at == found.solve_due_at else "Answer"
    if found.paused_at is not None:
        return Due("neutral", "clock stands still", at, "minus")
    if at < now:
        return Due("bad", f"{what}: {duration(now - at)} late", at, "caution")
    kind = "caution" if at - now < SOON else "neutral"
    return Due(kind, f"{what} in {duration(at - now)}", at)


def target(found: Conversation) -> datetime | None:
    """Which target comes next; None once the conversation is over or nobody set any."""
    if found.state in (Conversation.State.SOLVED, Conversation.State.CLOSED):
        return None
    answer = found.first_answer_due_at if found.first_answer_at is None else None
    dues = (answer, found.next_answer_due_at, found.solve_due_at)
    return min((at for at in dues if at is not None), default=None)


def masked(kinds: list[str]) -> str:
    return listing([MASKED.get(kind, kind) for kind in kinds])


def told(event: Any, members: Mapping[str, str], me: str = "") -> str:
    """An event as a sentence: who did what, by labels alone."""
    kind, _, ref = str(event.actor).partition(":")
    if kind == "staff":
        label = _name(ref, members, me)
    else:
        label = {"person": "The person", "visitor": "The visitor"}.get(kind, "The software")
    detail: dict[str, Any] = dict(event.detail or {})
    if "to" in detail:
        detail["to"] = _name(str(detail["to"]), members, me)
    if detail.get("state") in STATES:
        detail["state"] = STATES[detail["state"]].word
    if detail.get("priority") in PRIORITIES:
        detail["priority"] = PRIORITIES[detail["priority"]].word
    for key in {"number", "into"} & detail.keys():
        detail[key] = f"#{detail[key]}"
    words = DID.get(event.did, event.did.replace("-", " "))
    try:
        return f"{label} {words.format_map(detail)}"
    except (KeyError, IndexError):
        return f"{label} {event.did.replace('-', ' ')}"


def _name(ref: str, members: Mapping[str, str], me: str) -> str:
    label = members.get(ref, "Former staff")
    return f"{label} (you)" if ref == me else label


def members() -> dict[str, str]:
    """Labels of all members by their reference."""
    rows = Membership.objects.values_list("ref", "role__name")
    return {ref: f"{role} {ref[:SHORT]}" for ref, role in rows}
