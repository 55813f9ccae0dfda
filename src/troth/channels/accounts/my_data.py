"""“My data”: what is held about the person, and what happened with it, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from troth.channels.accounts.beside import Section, sections
from troth.channels.accounts.grounds import CREDENTIALS, REGISTER
from troth.channels.accounts.models import Passkey, Registration
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.core.ledger.api import Line, Page, receipt, timeline
from troth.core.ledger.timelines import veiled
from troth.core.notices import versions
from troth.core.notices.versions import PolicyMissing, current
from troth.core.people import records
from troth.core.people.models import Person
from troth.kit.categories import in_words, kind_of

ICONS = {
    "gate": "eye", "choices": "check", "mail": "mail", "accounts": "shield", "forms": "inbox",
    "people": "people", "notices": "policy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held, ready to be shown."""

    label: str
    value: str
    source: str
    clause: str
    version: str
    since: datetime
    current: bool
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the ledger as the person reads it."""

    id: UUID
    when: datetime
    text: str
    clause: str
    version: str
    icon: str
    again: list[tuple[UUID, datetime]] = field(default_factory=list)


def held(person: Person) -> tuple[list[tuple[str, list[Held]]], list[Section]]:
    """Everything held about the person by kind, newest first, and what other channels tell of it.
    Opening it is on the ledger.
    """
    with uses.own(person=person):
        pending = set(
            Registration.objects.filter(person__root_id=person.root_id).values_list("pk", flat=True)
        )
        seen: set[str] = set()
        rows: list[tuple[str, Held]] = []
        for element in records.held(person.root_id):
            newest = element.name not in seen and element.record not in pending
            seen |= {element.name} if newest else set()
            source, label = _source(element.touchpoint, element.name, element.version)
            rows.append((
                kind_of(element.category),
                Held(label or in_words(element.category), str(element.value), source,
                     element.clause, element.version, element.collected_at, newest,
                     element.offline),
            ))  # fmt: skip
        rows += [(kind_of(CREDENTIALS), one) for one in _passkeys(person)]
        beside = sections(person)
    rows.sort(key=lambda row: row[0])
    kinds = groupby(rows, lambda row: row[0])
    return [(kind, [item for _, item in group]) for kind, group in kinds], beside


def _passkeys(person: Person) -> list[Held]:
    """By the names the person gave them; read inside their own opening."""
    published = current()
    place = published.rules.touchpoints.get(REGISTER)
    return [
        Held("Passkey", str(row.label), "Your account", place.clause if place else "",
             published.version, row.created_at, True)
        for row in Passkey.objects.filter(person__root_id=person.root_id)
    ]  # fmt: skip


def _source(touchpoint: str, name: str, version: str) -> tuple[str, str]:
    """The title of the place and the label of the element, as in the version then in force."""
    try:
        rules = versions.version(version).rules
    except PolicyMissing:
        return touchpoint, ""
    place, element = rules.touchpoints.get(touchpoint), rules.policy.elements.get(name)
    return place.title if place else touchpoint, element.label if element else ""


def happenings(person: Person, before: UUID | None = None) -> tuple[list[Happening], UUID | None]:
    """What is on the ledger about the person, newest first, and where the next page begins."""
    page: Page = timeline(person.organisation_id, *references(person), before=before, limit=25)
    found: list[Happening] = []
    for one in map(_happening, page.lines):
        last = found[-1] if found else None
        if last and (last.text, last.clause, last.version) == (one.text, one.clause, one.version):
            last.again.append((one.id, one.when))  # the same once more: told in one row
        else:
            found.append(one)
    return found, page.older


def references(person: Person) -> list[str]:
    """The opaque names by which the ledger calls the person; several after a merge."""
    return list(Person.objects.filter(root_id=person.root_id).values_list("ref", flat=True))


def receipt_of(person: Person, entry: UUID) -> dict[str, Any]:
    """The receipt of an entry about this person. Others' entries are missing, not forbidden."""
    refs = references(person)
    found = receipt(entry, subjects=refs)
    hidden = veiled(frozenset({str(found["entry"]["detail"].get("case", ""))} - {""}))
    if hidden or not {found["entry"]["subject"], found.get("opening", {}).get("value")} & {*refs}:
        raise Missing("There is no such entry about you.", do="Open it from your timeline.")
    return found


def _happening(line: Line) -> Happening:
    text = line.sentence(_words(line)).strip()
    return Happening(
        line.id, datetime.fromisoformat(line.at), text[:1].upper() + text[1:] + ".",
        str(line.body["clause"]), str(line.body["version"]),
        ICONS.get(line.act.partition(".")[0], ""),
    )  # fmt: skip


def _words(line: Line) -> Callable[[str, Any], str]:
    from troth.core.ledger.timelines import plain  # noqa: PLC0415

    def say(placeholder: str, value: Any) -> str:
        if placeholder == "purpose" and value:
            return f"“{_purpose(str(value), str(line.body['version']))}”"
        if placeholder == "purpose":
            return "no purpose that is named"
        if placeholder == "data":
            return in_words(*value)
        if placeholder == "to" and value:
            return _recipient(str(value))
        return plain(placeholder, value)

    return say


def _purpose(key: str, version: str) -> str:
    try:
        rules = versions.version(version).rules if version else current().rules
    except PolicyMissing:
        rules = current().rules
    found = rules.purposes.get(key) or current().rules.purposes.get(key)
    return found.label if found else key


def _recipient(key: str) -> str:
    found = current().rules.recipients.get(key)
    return found.name if found else key
