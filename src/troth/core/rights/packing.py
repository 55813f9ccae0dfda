"""The access package: a page that opens offline and asks nothing of anybody, and the same as JSON.

It is made when it is downloaded, from what is held then, and is stored nowhere. The JSON follows
`package.schema.json`, which is in the package too.
"""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from troth.core import clock
from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.errors import Denied
from troth.core.ledger.api import Line, record, timeline
from troth.core.ledger.timelines import plain
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.rights import acts
from troth.core.rights.kinds import SHOWING
from troth.core.rights.models import Request
from troth.core.rights.own.places import rules_of
from troth.core.rights.sources import Found, sources
from troth.core.rights.subjects import subject_of
from troth.policy import taxonomy
from troth.policy.flow import picture

FORMAT: Final = "troth-access-package/1"
FILES: Final = "files"
PAGE, DATA, SCHEMA = "your-data.html", "your-data.json", "your-data.schema.json"
SCHEMA_FILE: Final = Path(__file__).parent / "package.schema.json"
LINES: Final = 500
"""Entries of the ledger read at a time."""
MOST: Final = 20_000
"""Entries of the ledger in one package; the page of a person's data pages through all."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the ledger in words."""

    at: datetime
    text: str
    clause: str
    version: str
    entry: str


def package(request: Request) -> bytes:
    """The zip file for the person. Raises `Denied` for a request that shows nothing, or is not
    shown to be the person's, and `SourceMissing` for a source out of reach.
    """
    if request.kind not in SHOWING or request.state in (
        *(Request.State.UNPROVEN, Request.State.REFUSED, Request.State.WITHDRAWN),
    ):
        raise Denied(
            "There is no package for this request.",
            why="It was not asked for, refused, or nobody has shown that it is theirs.",
        )
    subject = subject_of(request)
    held = [(source.label, one) for source in sources() for one in source.found(subject)]
    happened = happenings(subject.records)
    with transaction.atomic():
        record(
            act=acts.PACKED,
            organisation=request.organisation_id,
            actor=Actor.system("rights"),
            subject=request.subject or None,
            clause=request.clause,
            version=current().version,
            data=sorted({one.category for _, one in held if one.category.startswith("user")}),
            detail={"request": request.ref, "kind": request.kind},
        )
    made = clock.now()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, page(held, happened, made))
        archive.writestr(DATA, data(held, happened, made))
        archive.writestr(SCHEMA, SCHEMA_FILE.read_text("utf-8"))
        for number, (_, one) in enumerate(held):
            if one.content:
                content = b"".join(map(b64decode, one.content))
                archive.writestr(file_of(number, one), content)
    return file.getvalue()


def file_of(number: int, one: Found) -> str:
    """Where in the package a file is: its own name, but for what a file system takes amiss."""
    if not one.content:
        return ""
    name = "".join(c if c.isalnum() or c in "._- " else "_" for c in str(one.value)).strip(". ")
    return f"{FILES}/{number:05}-{name[-80:] or 'file'}"


def page(held: list[tuple[str, Found]], happened: list[Happened], made: datetime) -> str:
    """The readable file."""
    policy = current().policy
    rows = sorted(
        (source, one.place, one.category.startswith("system"), in_words(one.category), number, one)
        for number, (source, one) in enumerate(held)
    )
    groups = [
        {"place": place, "beside": beside, "found": [_shown(row[-1], row[-2]) for row in group]}
        for (place, beside), group in groupby(rows, lambda row: (row[1], row[2]))
    ]
    return render_to_string(
        "rights/package.html",
        {
            "policy": policy,
            "groups": groups,
            "happened": happened,
            "made": made,
            "flow": _flow(current().id),
            "number": len(held),
        },
    )


@lru_cache(maxsize=64)
def _flow(_version: UUID) -> str:
    """The picture of a version, which takes longer to draw than all else does."""
    return mark_safe(picture(current().policy))  # noqa: S308 - escaped by `troth.policy`


def _shown(one: Found, number: int) -> dict[str, Any]:
    """A record as the page writes it, facts one to a line."""
    rules = rules_of(one.version) if one.version else current().rules
    labels = [rules.purposes[key].label for key in one.purposes if key in rules.purposes]
    several = one.value if isinstance(one.value, dict) else {}
    listed = [(name, _readable(value)) for name, value in several.items()]
    return {
        "one": one,
        "words": in_words(one.category),
        "value": "" if several else _readable(one.value),
        "several": listed,
        "file": file_of(number, one),
        "purposes": labels,
    }


def _readable(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_readable, value))
    return "cannot be read any more" if value is None else str(value)


def data(held: list[tuple[str, Found]], happened: list[Happened], made: datetime) -> str:
    """The same for other software."""
    policy = current().policy
    return json.dumps(
        {
            "format": FORMAT,
            "$schema": SCHEMA,
            "made_at": made,
            "controller": {
                "name": policy.company.name,
                "privacy_contact": policy.company.privacy_contact,
                "policy_version": policy.version,
            },
            "records": [
                {
                    "source": source,
                    "place": one.place,
                    "label": one.label,
                    "category": one.category,
                    "value": one.value,
                    "collected_at_place": one.origin,
                    "clause": one.clause,
                    "version": one.version,
                    "at": one.at,
                    "purposes": list(one.purposes),
                    "offline": one.offline,
                    "file": file_of(number, one),
                }
                for number, (source, one) in enumerate(held)
            ],
            "ledger": [
                {
                    "entry": one.entry,
                    "at": one.at,
                    "text": one.text,
                    "clause": one.clause,
                    "version": one.version,
                }
                for one in happened
            ],
        },
        default=_spelled,
        ensure_ascii=False,
        indent=1,
    )


def happenings(people: tuple[UUID, ...]) -> list[Happened]:
    """What happened with their data, who read it among it, newest first."""
    rows = Person.objects.filter(pk__among=Ids(people)).values_list("organisation_id", "ref")
    found: list[Happened] = []
    refs = [ref for _, ref in rows]
    if not refs:
        return found
    before: UUID | None = None
    while len(found) < MOST:
        part = timeline(rows[0][0], *refs, before=before, limit=LINES)
        found += [_happened(line) for line in part.lines]
        if part.older is None:
            break
        before = part.older
    return found


def _happened(line: Line) -> Happened:
    text = line.sentence(_words(line)).strip()
    return Happened(
        at=datetime.fromisoformat(line.at),
        text=f"{text[:1].upper()}{text[1:]}.",
        clause=str(line.body["clause"]),
        version=str(line.body["version"]),
        entry=line.id.hex,
    )


def _words(line: Line) -> Callable[[str, Any], str]:
    rules = rules_of(str(line.body["version"])) if line.body["version"] else current().rules

    def say(placeholder: str, value: Any) -> str:
        if placeholder == "purpose":
            purpose = rules.purposes.get(str(value))
            return f"“{purpose.label}”" if purpose else "no purpose that is named"
        if placeholder == "data" and value:
            return ", ".join(map(in_words, value))
        if placeholder == "to" and value in rules.recipients:
            return rules.recipients[value].name
        return plain(placeholder, value)

    return say


def in_words(category: str) -> str:
    """A data category as people read it."""
    return "technical records" if category.startswith("system") else taxonomy.label(category)


def _spelled(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
