"""Consent receipts: what a person keeps of a choice, readable by any machine and provable offline.

A receipt wraps one consent record, as ISO/IEC TS 27560:2023 describes them and the guide of the
Data Privacy Vocabulary spells them (https://w3id.org/dpv/guides/consent-27560), in JSON-LD with its
context inside. Each event carries the ledger's receipt of its entry with what the entry is
committed to, so that `checking.check` needs the organisation's public key and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from troth.core import clock
from troth.core.choices import processing, vocabulary as words
from troth.core.choices.evidence import digest, evidence
from troth.core.choices.models import Choice
from troth.core.gate.models import Stance
from troth.core.ledger.api import Opening, receipt as ledger_receipt
from troth.core.ledger.bodies import timestamp
from troth.core.notices.versions import Published, version
from troth.core.people.models import Person

Json = dict[str, Any]
MEDIA_TYPE: Final = "application/ld+json"
PROFILE: Final = "https://w3id.org/dpv/schema/dpv-27560#"
_FOLDER: Final = Path(__file__).parent
MOST_EVENTS: Final = 50
"""Of a longer record the newest events; each is proven by itself."""


@dataclass(frozen=True, slots=True)
class Places:
    """Full addresses of the pages a receipt points to."""

    notice: str
    choices: str
    rights: str


@cache
def context() -> Json:
    """The JSON-LD context, which goes into every receipt: reading one asks no network."""
    found: Json = json.loads((_FOLDER / "consent-receipt.context.jsonld").read_text("utf-8"))
    return found


@cache
def schema() -> Json:
    """The JSON Schema of a receipt."""
    found: Json = json.loads((_FOLDER / "consent-receipt.schema.json").read_text("utf-8"))
    return found


def receipt(choice: Choice, places: Places) -> Json:
    """The receipt of a choice: its record up to this choice. Raises what the ledger raises.

    The record is that of one purpose (and manner) on one record of the person; what was chosen on
    another record before the two were merged has receipts of its own.
    """
    published = version(choice.version)
    events = _events(choice)
    controller = processing.controller(published, choice.organisation)
    record: Json = {
        "@id": _urn(events[0].pk),
        "@type": "dpv:ConsentRecord",
        "dct:identifier": str(events[0].pk),
        "dct:conformsTo": f"{PROFILE}record",
        "dpv:hasDataSubject": _subject(choice.person),
        "dpv:hasDataController": controller,
        **processing.jurisdiction(published),
        "dpv:hasNotice": {"schema:url": places.notice} | notice(published),
        "dpv:hasProcess": processing.process(published, choice.purpose, choice.manner),
        "dpv:hasConsentControl": {
            "@type": ["dpv:ProvideConsent", "dpv:WithdrawConsent"],
            "dpv:isExercisedAt": places.choices,
        },
        "dpv:hasRight": processing.rights(published, places.rights),
        "dpv:hasConsentStatus": [_event(one) for one in events],
    }
    return {
        "@context": context(),
        "@id": _urn(choice.entry or choice.pk),
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": str(choice.entry or choice.pk),
        "dct:conformsTo": f"{PROFILE}receipt",
        "dct:created": timestamp(clock.now()),
        "dct:publisher": controller["@id"],
        "dpv:hasRecordOfActivity": record,
    }


def notice(published: Published) -> Json:
    """The notice as an event and a record name it: version, language and digest of the text."""
    return {
        "@type": "dpv:ConsentNotice",
        "dct:identifier": published.version,
        "dct:date": published.policy.heading.effective.isoformat(),
        "dct:language": published.policy.language,
        "troth:digest": digest(published.id),
    }


def state(choice: Choice) -> str:
    """The decision, or `lifted` for a mark above all choices that was taken back."""
    lifted = choice.purpose in Stance.MARKS and choice.decision == Choice.Decision.WITHDRAWN
    return "lifted" if lifted else str(choice.decision)


def _events(choice: Choice) -> Sequence[Choice]:
    """What was decided about the same thing up to this choice, the oldest first."""
    before = Q(at__lt=choice.at) | Q(at=choice.at, id__lte=choice.pk)
    rows = Choice.objects.filter(
        before, person_id=choice.person_id, purpose=choice.purpose, manner=choice.manner
    )
    return list(rows.order_by("-at", "-id")[:MOST_EVENTS])[::-1]


def _event(choice: Choice) -> Json:
    published = version(choice.version)
    opening = None
    if choice.salt:
        opening = Opening(bytes(choice.salt), evidence(choice, published))
    proof = ledger_receipt(choice.entry, opening) if choice.entry else {}
    ours = proof.get("entry", {}).get("actor", {}).get("kind") in ("system", "staff")
    types = [words.STATES[state(choice)]]
    if choice.decision in (Choice.Decision.GIVEN, Choice.Decision.RENEWED):
        types.append(processing.basis(published, choice.purpose, choice.manner))
    found: Json = {
        "@type": types,
        "dct:identifier": str(choice.pk),
        "dct:description": choice.wording,
        "dct:language": choice.language,
        "dpv:isIndicatedBy": "dpv:DataController" if ours else "dpv:DataSubject",
        "dpv:isIndicatedAtTime": timestamp(choice.at),
        "dpv:hasIndicationMethod": choice.way,
        "dpv:hasNotice": notice(published),
        "troth:proof": proof,
    }
    if choice.ends_at:
        found["dct:valid"] = timestamp(choice.ends_at)
    return found


def _subject(person: Person) -> Json:
    """The person by the pseudonym the ledger knows them by; it says nothing about who they are."""
    return {
        "@id": _urn(UUID(hex=person.ref)),
        "@type": "dpv:DataSubject",
        "dct:identifier": person.ref,
    }


def _urn(identifier: UUID) -> str:
    return f"urn:uuid:{identifier}"


__all__ = ["MEDIA_TYPE", "Places", "context", "receipt", "schema"]
