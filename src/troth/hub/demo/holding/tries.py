"""The tries in the order of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from troth.hub.demo.holding import phone, recipient, restoring, rewriting, sealed, unsubscribed
from troth.hub.demo.holding.following import Progress
from troth.hub.demo.holding.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Try:
    """One card: what the visitor does, in which words, and what runs."""

    key: str
    title: str
    icon: str
    text: str
    question: str
    button: str
    busy: str
    run: Callable[[], Outcome | Progress]


TRIES: Final = (
    Try(
        "phone",
        "Use a phone number for marketing",
        "phone",
        "Somebody left a number so that you could call them back. Have it for a campaign.",
        "Is there a clause that lets you?",
        "Take the number",
        "Asking the gate…",
        phone.attempt,
    ),
    Try(
        "letters",
        "Write to somebody who unsubscribed",
        "mail",
        "Somebody wants no more letters. One more will not hurt: slip them into the next sending.",
        "Is one no enough?",
        "Slip them in",
        "Asking the gate…",
        unsubscribed.attempt,
    ),
    Try(
        "sealed",
        "Read a value without a purpose",
        "sealed",
        "A name is in the database. Read it, for no reason: with the program, then with a look "
        "into the file.",
        "What do you get to see?",
        "Read the name",
        "Looking…",
        sealed.attempt,
    ),
    Try(
        "ledger",
        "Change a row of the ledger",
        "ledger",
        "Somebody said no, and it is on record. You own the database: make it a yes, and cover "
        "your tracks.",
        "Does anybody notice?",
        "Make it a yes",
        "Forging, then verifying…",
        rewriting.attempt,
    ),
    Try(
        "restore",
        "Restore a backup after an erasure",
        "undo",
        "Somebody asked to be erased, and was. But there is a backup from before: put it back.",
        "Do they come back?",
        "Put it back",
        "Starting…",
        restoring.attempt,
    ),
    Try(
        "recipient",
        "Add a recipient to the policy",
        "share",
        "One more company is to have the addresses you hold. It is your policy: write it in, "
        "publish it, and pass them on.",
        "From when may they go?",
        "Publish it",
        "Publishing…",
        recipient.attempt,
    ),
)
BY_KEY: Final = {one.key: one for one in TRIES}
