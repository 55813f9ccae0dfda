"""Checking a consent receipt offline: no database, no network, nothing but a public key.

Of each event it proves that the ledger has it, and that its words, time, way, end and notice are
those the entry was committed to when it was made. What the record says about the processing follows
from the policy file that the notice's digest names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from troth.core.choices.vocabulary import STATES
from troth.core.ledger.notes import Verifier
from troth.core.ledger.receipts import ReceiptInvalid, check as check_proof

MARKS: Final = ("*", "*collecting", "*onward", "*cookies")
APART: Final = timedelta(minutes=1)
"""How far the time in an event may be from that of its entry, which is written a moment later."""
_DECISIONS: Final = {term: decision for decision, term in STATES.items()}
_SHOWN: Final = {
    "at": "the time",
    "decision": "the decision",
    "ends": "the end of the yes",
    "language": "the language",
    "manner": "the channel or recipient",
    "notice": "the text of the notice",
    "purpose": "the purpose",
    "version": "the version of the notice",
    "way": "the way it was made",
    "wording": "the wording",
}
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proven:
    """One event that holds."""

    decision: str
    at: str
    wording: str
    version: str
    position: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a receipt that holds has proven; the newest event last."""

    origin: str
    purposes: tuple[str, ...]
    events: tuple[Proven, ...]


def check(document: object, verifier: Verifier) -> Checked:
    """Check a receipt. `ReceiptInvalid` says what fails."""
    try:
        return _check(document, verifier)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError):
        # `from None`: the library's message may quote what is in the file.
        raise ReceiptInvalid("a part of the receipt is missing or of the wrong kind") from None


def _check(document: Any, verifier: Verifier) -> Checked:
    if not isinstance(document, dict) or document.get("@type") != "dpv:ConsentReceipt":
        raise ReceiptInvalid("this is not a consent receipt")
    record = document["dpv:hasRecordOfActivity"]
    process, events = record["dpv:hasProcess"], record["dpv:hasConsentStatus"]
    proven: list[Proven] = []
    for event in events:
        position = proven[-1].position if proven else -1
        proven.append(_event(event, record, process.get("troth:manner", ""), verifier))
        if proven[-1].position <= position:
            raise ReceiptInvalid("the events are not in the order of the ledger")
    last, notice = events[-1]["dpv:hasNotice"], record["dpv:hasNotice"]
    if any(notice[key] != last[key] for key in ("dct:identifier", "troth:digest", "dct:language")):
        raise ReceiptInvalid("the record names another notice than its last event")
    names = tuple(one["dct:title"] for one in process["dpv:hasPurpose"])
    return Checked(verifier.name, names, tuple(proven))


def _event(event: Json, record: Json, manner: str, verifier: Verifier) -> Proven:
    proof = event["troth:proof"]
    found = check_proof(proof, verifier)
    if not found.opened:
        raise ReceiptInvalid("nothing in it proves the wording of an event")
    committed, entry = proof["opening"]["value"], found.entry
    shown = _shown(event, committed, manner)
    for key, text in _SHOWN.items():
        if shown[key] != committed[key]:
            raise ReceiptInvalid(f"{text} is not what the ledger's entry is committed to")
    _same(entry, committed, record)
    return Proven(
        shown["decision"], shown["at"], shown["wording"], shown["version"], found.position
    )


def _shown(event: Json, committed: Json, manner: str) -> dict[str, str]:
    """What the event says, in the form of `evidence.evidence`."""
    decision, mark = _DECISIONS[event["@type"][0]], committed["purpose"] in MARKS
    notice = event["dpv:hasNotice"]
    return {
        "at": event["dpv:isIndicatedAtTime"],
        # To withdraw a mark above all choices is to lift it.
        "decision": "withdrawn" if mark and decision == "lifted" else decision,
        "ends": event.get("dct:valid", ""),
        "language": event["dct:language"],
        "manner": manner,
        "notice": notice["troth:digest"],
        "purpose": committed["purpose"],
        "version": notice["dct:identifier"],
        "way": event["dpv:hasIndicationMethod"],
        "wording": event["dct:description"],
    }


def _same(entry: Json, committed: Json, record: Json) -> None:
    """The entry itself has to say the same, about this person and of this organisation."""
    purpose = committed["purpose"]
    listed = [one["dct:identifier"] for one in record["dpv:hasProcess"]["dpv:hasPurpose"]]
    wanted = {
        "subject": record["dpv:hasDataSubject"]["dct:identifier"],
        "organisation": record["dpv:hasDataController"]["dct:identifier"],
        "purpose": "" if purpose in MARKS else purpose,
        "version": committed["version"],
    }
    if any(entry[key] != value for key, value in wanted.items()):
        raise ReceiptInvalid("an entry is about another person, purpose, version or organisation")
    if purpose not in MARKS and listed and listed != [purpose]:
        raise ReceiptInvalid("the record describes another purpose than its entries")
    apart = abs(_moment(entry["at"]) - _moment(committed["at"]))
    if not entry["act"].startswith("choices.") or apart > APART:
        raise ReceiptInvalid("an entry is about something else, or of another time")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


__all__ = ["Checked", "Proven", "ReceiptInvalid", "check"]
