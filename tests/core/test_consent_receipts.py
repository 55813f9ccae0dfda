"""Consent receipts: readable as JSON-LD without a network, valid, and provable by a key alone."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
from pyld import jsonld

from core.conftest import WORKER, Company
from troth.core import clock
from troth.core.choices import checking, receipts
from troth.core.choices.deciding import choose, expire, refuse_solicitation
from troth.core.choices.models import Choice
from troth.core.ledger.api import verifier
from troth.core.people.models import Person

DPV = "https://w3id.org/dpv#"
PLACES = receipts.Places(
    notice="https://harbour.example/policy/versions/1",
    choices="https://harbour.example/preferences/",
    rights="https://harbour.example/policy",
)
TROTH = Path(sys.executable).with_name("troth")


def offline(url: str, _options: Any) -> Any:
    raise AssertionError(f"a receipt must be readable without a network, and it asks for {url}")


def expanded(receipt: dict[str, Any]) -> Any:
    (found,) = jsonld.expand(receipt, {"documentLoader": offline})
    return found


def of(choice: Choice | None) -> dict[str, Any]:
    assert choice is not None
    # As it is downloaded: what JSON cannot say would not survive.
    found: dict[str, Any] = json.loads(json.dumps(receipts.receipt(choice, PLACES)))
    jsonschema.Draft202012Validator(receipts.schema()).validate(found)
    return found


def says(person: Person, *, yes: bool = True, purpose: str = "news", **more: str) -> Choice:
    words = {"way": "preferences", "wording": "Write me news"} | more
    found = choose(person, actor=WORKER, purpose=purpose, yes=yes, **words)
    assert found is not None
    return found


def key(company: Company) -> Any:
    return verifier(company.organisation.pk)


def test_a_yes_becomes_a_record_of_all_that_it_permits(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    receipt = of(says(person))
    record = expanded(receipt)[f"{DPV}hasRecordOfActivity"][0]
    assert record["@type"] == [f"{DPV}ConsentRecord"]
    (process,) = record[f"{DPV}hasProcess"]
    (purpose,) = process[f"{DPV}hasPurpose"]
    assert purpose["@type"] == [f"{DPV}Purpose", f"{DPV}DirectMarketing"]
    assert process[f"{DPV}hasLegalBasis"] == [{"@id": f"{DPV}ExpressedConsent"}]
    kinds = {kind for one in process[f"{DPV}hasPersonalData"] for kind in one["@type"]}
    assert {"https://w3id.org/dpv/pd#Name", "https://w3id.org/dpv/pd#EmailAddress"} <= kinds
    (event,) = record[f"{DPV}hasConsentStatus"][0]["@list"]
    assert event["@type"] == [f"{DPV}ConsentGiven", f"{DPV}ExpressedConsent"]
    (proof,) = event["https://troth.example/terms#proof"]
    assert proof["@type"] == "@json", "the proof stays the very JSON that was signed"
    (notice,) = record[f"{DPV}hasNotice"]
    assert notice["http://purl.org/dc/terms/identifier"] == [{"@value": "1"}]
    assert "ada@marsh.example" not in json.dumps(receipt)
    assert not lost(receipt, expanded(receipt)), "every key has a meaning in the context"


def lost(receipt: Any, found: Any) -> set[str]:
    """Keys of the receipt that JSON-LD does not understand: expansion drops them silently."""

    def keys(node: Any, *, inside: tuple[str, ...] = ("troth:proof", "@context")) -> set[str]:
        if isinstance(node, list):
            return set().union(*(keys(one) for one in node)) if node else set()
        if not isinstance(node, dict):
            return set()
        own = {name for name in node if name != "@context"}
        return own.union(*(keys(node[name]) for name in own if name not in inside))

    prefixes = {name: iri for name, iri in receipts.context().items() if isinstance(iri, str)}

    def iri(name: str) -> str:
        prefix, colon, rest = name.partition(":")
        return f"{prefixes[prefix]}{rest}" if colon and prefix in prefixes else name

    text = json.dumps(found)
    return {name for name in keys(receipt) if not name.startswith("@") and iri(name) not in text}


def test_the_life_of_a_yes_is_in_the_receipt_and_proven(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    says(person)
    with clock.at(clock.now() + timedelta(days=100)):
        says(person, wording="Go on writing")
    with clock.at(clock.now() + timedelta(days=600)):
        assert expire() == 1
    last = Choice.objects.filter(person=person).first()
    found = checking.check(of(last), key(company))
    assert [one.decision for one in found.events] == ["given", "renewed", "expired"]
    assert [one.wording for one in found.events] == ["Write me news", "Go on writing", "News"]
    assert found.purposes == ("News",)


def test_each_choice_has_a_receipt_of_its_own(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example", phone="+44 1632 960001")
    first = says(person)
    no = says(person, yes=False, wording="Stop")
    calls = says(person, yes=False, purpose="offers", manner="phone", wording="No calls")
    mark = refuse_solicitation(person, actor=WORKER, refused=True, way="preferences")
    lifted = refuse_solicitation(person, actor=WORKER, refused=False, way="preferences")
    decisions = [
        [one.decision for one in checking.check(of(choice), key(company)).events]
        for choice in (first, no, calls, mark, lifted)
    ]
    assert decisions == [
        ["given"], ["given", "withdrawn"], ["refused"], ["refused"], ["refused", "withdrawn"]
    ]  # fmt: skip
    process = of(calls)["dpv:hasRecordOfActivity"]["dpv:hasProcess"]
    assert process["troth:manner"] == "phone"
    about = of(mark)["dpv:hasRecordOfActivity"]["dpv:hasProcess"]["dpv:hasPurpose"]
    assert [one["dct:title"] for one in about] == ["Offers", "News"]


Change = Callable[[dict[str, Any], dict[str, Any]], object]
FORGERIES: dict[str, Change] = {
    "other words": lambda _, event: event.update({"dct:description": "Write me, call me"}),
    "another time": lambda _, event: event.update(
        {"dpv:isIndicatedAtTime": "2020-01-01T00:00:00.000Z"}
    ),
    "another decision": lambda _, event: event["@type"].__setitem__(0, "dpv:RenewedConsentGiven"),
    "another way": lambda _, event: event.update({"dpv:hasIndicationMethod": "phone"}),
    "another end": lambda _, event: event.update({"dct:valid": "2099-01-01T00:00:00.000Z"}),
    "another language": lambda _, event: event.update({"dct:language": "fr"}),
    "another notice": lambda _, event: event["dpv:hasNotice"].update({"troth:digest": "sha256:00"}),
    "another version": lambda _, event: event["dpv:hasNotice"].update({"dct:identifier": "2"}),
    "no opening": lambda _, event: event["troth:proof"].pop("opening"),
    "another salt": lambda _, event: event["troth:proof"]["opening"].update({"salt": "00" * 32}),
    "another entry": lambda _, event: event["troth:proof"]["entry"].update({"act": "gate.used"}),
    "another position": lambda _, event: event["troth:proof"].update({"position": 0}),
    "another person": lambda record, _: record["dpv:hasDataSubject"].update(
        {"dct:identifier": "0" * 32}
    ),
    "another company": lambda record, _: record["dpv:hasDataController"].update(
        {"dct:identifier": "0" * 32}
    ),
    "another purpose": lambda record, _: record["dpv:hasProcess"]["dpv:hasPurpose"][0].update(
        {"dct:identifier": "offers"}
    ),
    "a manner": lambda record, _: record["dpv:hasProcess"].update({"troth:manner": "phone"}),
    "the record's notice": lambda record, _: record["dpv:hasNotice"].update(
        {"dct:identifier": "7"}
    ),
    "an event twice": lambda record, event: record["dpv:hasConsentStatus"].append(event),
    "nothing of a proof": lambda _, event: event.update({"troth:proof": {}}),
    "no events": lambda record, _: record.update({"dpv:hasConsentStatus": []}),
}


def holds(document: object, company: Company) -> bool:
    try:
        checking.check(document, key(company))
    except checking.ReceiptInvalid:
        return False
    return True


def test_whatever_is_changed_is_found(company: Company) -> None:
    receipt = of(says(company.visitor_writes("ada@marsh.example")))
    assert holds(receipt, company)
    unnoticed = []
    for name, change in FORGERIES.items():
        forged = copy.deepcopy(receipt)
        record = forged["dpv:hasRecordOfActivity"]
        change(record, record["dpv:hasConsentStatus"][0])
        assert forged != receipt
        unnoticed += [name] if holds(forged, company) else []
    assert not unnoticed


def test_odd_input_is_refused(company: Company) -> None:
    odd = (None, [], {}, 7, "x", {"@type": "dpv:ConsentReceipt"})
    assert not any(holds(one, company) for one in odd)


def test_the_command_checks_without_an_installation(company: Company, tmp_path: Path) -> None:
    person = company.visitor_writes("ada@marsh.example")
    receipt = of(says(person))
    good, bad = tmp_path / "good.jsonld", tmp_path / "bad.jsonld"
    good.write_text(json.dumps(receipt))
    receipt["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"][0]["dct:description"] = "Call me"
    bad.write_text(json.dumps(receipt))
    done = [
        subprocess.run(
            [TROTH, "choices", "receipt", path, "--key", str(key(company))],
            env={"PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        for path in (good, bad)
    ]
    assert done[0].returncode == 0, done[0].stderr
    assert "Write me news" in done[0].stdout
    assert done[1].returncode == 1
    assert "the wording is not what the ledger's entry is committed to" in done[1].stderr
    assert "Traceback" not in done[1].stderr


def test_whose_words_were_erased_leaves_nothing_to_open(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    choice = says(person)
    assert bytes(choice.salt)
    person.delete()
    assert not Choice.objects.filter(pk=choice.pk).exists(), "the salt goes with the choice"
