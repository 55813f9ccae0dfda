"""Requests in words: kinds, states, reasons, and what happened with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from troth.core import clock
from troth.core.rights import clocks
from troth.core.rights.kinds import LABELS
from troth.core.rights.models import Event, Request, Telling
from troth.kit.words import day, plural

EXPLAINED: Final = {
    "access": "Everything we hold about you, where it came from, under which clause, and who "
    "looked at it: one file to read, and one for machines.",
    "portability": "The same as a file in a format that other services read.",
    "correction": "Say what is wrong and what is right. Whoever got it from us hears of it too.",
    "deletion": "What we hold about you goes, here and with everyone who got it from us. What the "
    "law makes us keep is locked.",
    "objection": "Say which use you object to. It stops.",
    "restriction": "We keep what we have and do not use it, until you say otherwise.",
    "withdrawal": "A yes you gave ends, and what rested on it ends with it.",
    "removal": "Your name or address goes from a public list.",
    "complaint": "Something is not as we promised? Whoever is responsible reads it.",
    "question": "Ask whatever you want to know about your data.",
}
STATES: Final = {
    "unproven": ("caution", "waits for the link to be opened"),
    "waiting": ("caution", "waits for the person"),
    "open": ("info", "open"),
    "running": ("info", "being done"),
    "stuck": ("bad", "cannot be finished yet"),
    "done": ("good", "done"),
    "refused": ("refusal", "refused"),
    "withdrawn": ("neutral", "taken back"),
}
TO_PERSON: Final = {
    "unproven": ("caution", "waits for you to open the link in our mail"),
    "waiting": ("caution", "waits for you"),
    "stuck": ("info", "takes us longer: one of our systems could not be reached"),
}
WAYS: Final = {
    "account": "in the account",
    "link": "by a link of ours",
    "form": "by the form on the site",
    "mail": "by mail",
    "phone": "by phone",
    "post": "by post",
    "agent": "by an agent",
}
EVIDENCE: Final = {
    "name": "Name",
    "phone_number": "Telephone number",
    "address": "Postal address",
}
"""What an agent says of the person, by the names of its protocol."""
PROOFS: Final = {
    "account": "logged in",
    "link": "by a link of ours",
    "mail": "by the link sent to the address",
    "document": "by a document that was looked at and not copied",
    "call": "by a call back to the number we had",
    "known": "known in person",
    "agent": "shown by an agent we rely on",
}
BY_STAFF: Final = ("document", "call", "known")
WAITS: Final = {
    "identity": "We need to be sure that it is you.",
    "detail": "We need to know more exactly what you mean.",
    "choice": "There is something for you to decide first.",
}
EXTENSIONS: Final = {
    "complex": "What you ask for is more involved than usual.",
    "many": "We have received many requests at the same time.",
    "others": "We have to ask others who hold the data for us.",
}
REFUSALS: Final = {
    "no-match": "We found nothing that belongs to you.",
    "identity": "We could not be sure that it is you.",
    "fraud": "We have grounds to believe that somebody else asked in your name.",
    "not-covered": "The right you named does not cover what you ask for.",
    "jurisdiction": "The right you named is not given where you live.",
    "excessive": "You asked for the same a short time ago.",
    "law": "A law obliges us to keep or not to give what you ask for.",
    "others": "It would take away the rights of other people.",
    "not-proved": "The link in our mail was not opened in time, so nothing was done.",
}
OUTCOMES: Final = {
    "answered": "answered",
    "put-right": "put right",
    "unfounded": "looked into, and nothing was wrong",
}
EVENTS: Final = {
    "received": "Received",
    "proved": "It was shown whose request it is",
    "approved": "Let go on",
    "paused": "The clock stands: the person is asked",
    "resumed": "The clock runs on",
    "extended": "The time was extended",
    "refused": "Refused",
    "withdrawn": "Taken back",
    "done": "Done",
    "stuck": "Could not be finished",
    "erased": "The keys were destroyed",
    "corrected": "Values were replaced",
    "restricted": "Use was restricted",
    "released": "Use was permitted again",
    "packed": "A copy of the data was made",
    "escalated": "Agreed that the file goes to the programme that mediates",
    "handing": "The file of the case is sent",
    "put-off": "The programme could not take the file yet: it is tried again",
    "unsure": "Whether the file arrived is not known: it can be sent again",
    "handed": "The file of the case was handed over",
    "not-handed": "The file could not be handed over: it can be tried again",
    "told": "A recipient was told",
    "answered": "A recipient answered",
}
DOES: Final = {
    "shown": ("info", "shown"),
    "replaced": ("info", "replaced"),
    "erased": ("bad", "erased"),
    "depersonalised": ("caution", "only counted"),
    "locked": ("sealed", "kept and locked"),
    "kept": ("neutral", "kept"),
    "passed-on": ("info", "passed on"),
}
TELLINGS: Final = {
    Telling.State.DUE: ("caution", "to be told"),
    Telling.State.TOLD: ("info", "told, no answer yet"),
    Telling.State.DONE: ("good", "has done it"),
    Telling.State.REFUSED: ("refusal", "says no"),
    Telling.State.SILENT: ("bad", "does not answer"),
}
SIGNS: Final = {
    "early": "good",
    "half": "info",
    "soon": "caution",
    "today": "caution",
    "late": "bad",
}


def kind(key: str) -> str:
    return LABELS.get(key, key)


def reason(key: str) -> str:
    """Any reason in the words the person is told."""
    for words in (WAITS, EXTENSIONS, REFUSALS, OUTCOMES, PROOFS):
        if key in words:
            return words[key]
    return key.replace("-", " ")


def happened(event: Event) -> str:
    words = EVENTS.get(event.what, event.what)
    return f"{words}: {reason(event.reason)}" if event.reason else f"{words}."


def explained(request: Request) -> str:
    """Why a request stands as it does, in words for whoever asked; "" where its state says all."""
    if request.state == Request.State.WAITING:
        return WAITS.get(request.waits_for, "")
    if request.state == Request.State.REFUSED:
        return REFUSALS.get(request.outcome, "")
    if request.extended and not request.ended:
        return EXTENSIONS.get(request.extension, "")
    return ""


@dataclass(frozen=True, slots=True)
class Clock:
    """How the time of a request stands, for a badge and a bar."""

    kind: str
    words: str
    day: str
    percent: int
    late: bool


def standing(request: Request, counting: clocks.Counting) -> Clock:
    """Days left in words; never colour alone."""
    if request.ended:
        return Clock("neutral", "over", "", 100, late=False)
    if request.due_at is None:
        return Clock("neutral", "the clock does not run yet", "", 0, late=False)
    now = request.paused_at or clock.now()
    stage = clocks.stage(request.received_at, request.due_at, now, counting)
    words = "the clock stands" if request.paused_at else left(request.due_at, now, counting)
    return Clock(
        "neutral" if request.paused_at else SIGNS[stage],
        words,
        day(counting.day(request.due_at), today=counting.day(clock.now())),
        round(100 * clocks.share_used(request.received_at, request.due_at, now)),
        late=stage == "late" and not request.paused_at,
    )


def left(due: datetime, now: datetime, counting: clocks.Counting) -> str:
    """`4 days left`, `due today`, `2 days late`, counted in whole days where the company is."""
    days = (counting.day(due) - counting.day(now)).days
    if now > due:
        return f"{plural(-days, 'day')} late" if days else "late since today"
    return f"{plural(days, 'day')} left" if days else "due today"
