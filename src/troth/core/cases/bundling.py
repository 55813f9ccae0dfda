"""The bundle: what a case covers, made through the gate, handed out once.

A readable page, the same as JSON, the files that belong to it, and a manifest with the digest of
each, so that whoever gets it can see that nothing was added or taken out.
"""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.template.loader import render_to_string

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.cases import acts
from troth.core.cases.entering import OPEN, CaseInvalid, enter, enter_ledger, held, read
from troth.core.cases.models import Case, Concern
from troth.core.gate.deciding import REASONS, brought, held_for
from troth.core.gate.denials import UseDenied, record_denial
from troth.core.gate.uses import use
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.people.records import family
from troth.core.rights.own.finding import found as found_of
from troth.core.rights.packing import file_of, in_words
from troth.core.rights.sources import Found
from troth.policy.taxonomy import covers

FORMAT: Final = "troth-case-bundle/1"
PAGE, DATA, MANIFEST = "bundle.html", "bundle.json", "manifest.json"
NOTHING: Final = "nothing-held"


@dataclass
class Part:
    """What the bundle has of one person; `reason` says why it has nothing."""

    person: str
    found: list[Found] = field(default_factory=list, repr=False)
    reason: str = ""

    @property
    def words(self) -> str:
        if self.reason == NOTHING:
            return "Nothing of what the case covers is held."
        return REASONS.get(self.reason, ("It may not be given.",))[0]


@action
def bundle(case: Case, *, actor: Actor) -> bytes:
    """The zip file, once. Raises `CaseInvalid` when it was handed out, and what the gate raises for
    a case that is not approved, or over.

    Whoever may not be given (their data is restricted, say) is left out and listed with the reason.
    """
    actor.needs(OPEN)
    held(case)
    if case.kind not in Case.DISCLOSING or case.kind == Case.Kind.TRANSFER:
        raise CaseInvalid("There is no bundle in a case of this kind.")
    if case.given_at is not None:
        raise CaseInvalid(
            "The bundle was handed out already.",
            why="It is made once, so that it is known who has it.",
            do="If it was lost, open another case.",
        )
    # Of whom nothing is held nothing is opened, and still it says so: the case has to stand.
    brought(current(), actor, case.purpose, tuple(case.categories), case.recipient, case.ref, [])
    now = clock.now()
    parts = [_part(case, concern, actor, now) for concern in _concerns(case)]
    if not parts:
        raise CaseInvalid("Nobody is named in this case.")
    made = _zip(case, parts, now, actor=actor)
    case.given_at, case.given_by, case.digest = now, actor.ref, sha256(made).hexdigest()
    if case.telling == Case.Telling.NOW:
        case.told_at = now
    case.save(update_fields=["given_at", "given_by", "digest", "told_at"])
    given = sum(1 for part in parts if part.found)
    enter(case, acts.BUNDLED, actor=actor, count=given, detail={"digest": case.digest})
    return made


def _concerns(case: Case) -> list[Concern]:
    return list(case.concerns.select_related("person__root").order_by("id"))


def _part(case: Case, concern: Concern, actor: Actor, now: datetime) -> Part:
    """One person's part. What is given is on the ledger as a disclosure, under the case."""
    person: Person = concern.person.root
    people = family(person.root_id)
    published = current()
    wanted = [
        one
        for one in held_for(published, case.purpose, people)
        if any(covers(category, one) for category in case.categories)
    ]
    part = Part(person.ref)
    if not _anything(case, people, wanted):
        # Nothing is opened, so that nobody's record says that something was given.
        part.reason = "restricted" if person.restricted_at and not wanted else NOTHING
        return part
    try:
        with use(
            actor=actor,
            purpose=case.purpose,
            person=person,
            data=wanted,
            to=case.recipient,
            case=case.ref,
        ):
            part.found = [one for one in found_of(people) if _covered(case, one, wanted)]
    except UseDenied as denied:
        if denied.attempt.reason.startswith("case-"):
            raise  # the case itself opens nothing
        record_denial(denied)
        part.reason = denied.attempt.reason
        return part
    if not part.found:
        part.reason = NOTHING
        return part
    Concern.objects.filter(pk=concern.pk).update(
        state=Concern.State.GIVEN,
        given_at=now,
        told_at=now if case.telling == Case.Telling.NOW else None,
    )
    if case.telling == Case.Telling.NOW:
        enter_ledger(case, acts.TOLD, actor=actor, subject=person.ref, detail={"way": "record"})
    return part


def _anything(case: Case, people: frozenset[UUID], wanted: list[str]) -> bool:
    held = Element.objects.filter(person__id__among=people, category__in=wanted)
    if case.since is not None:
        held = held.filter(collected_at__gte=case.since)
    if case.until is not None:
        held = held.filter(collected_at__lte=case.until)
    return held.exists()


def _covered(case: Case, one: Found, wanted: list[str]) -> bool:
    if one.value is None or not any(covers(category, one.category) for category in wanted):
        return False
    if one.at is None:
        return case.since is None and case.until is None
    begun = case.since is None or one.at >= case.since
    return begun and (case.until is None or one.at <= case.until)


def _zip(case: Case, parts: list[Part], now: datetime, *, actor: Actor) -> bytes:
    files: dict[str, bytes] = {}
    facts = _facts(case, read(case, actor=actor), now)
    rows = []
    for part in parts:
        shown = []
        for one in part.found:
            name = file_of(len(files), one)
            if name:
                files[name] = b"".join(map(b64decode, one.content))
            shown.append({"one": one, "words": in_words(one.category), "file": name})
        rows.append({"part": part, "found": shown})
    context = {"facts": facts, "rows": rows, "policy": current().policy, "case": case}
    files[PAGE] = render_to_string("cases/bundle.html", context).encode()
    files[DATA] = json.dumps(_data(facts, rows), ensure_ascii=False, indent=1, default=str).encode()
    digests = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    manifest = {
        "format": FORMAT,
        "made_at": facts["made_at"],
        "case": case.ref,
        "sha256": digests,
        "left_out": [
            {"person": part.person, "reason": part.reason} for part in parts if not part.found
        ],
    }
    files[MANIFEST] = json.dumps(manifest, indent=1).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _facts(case: Case, words: dict[str, str], now: datetime) -> dict[str, Any]:
    party = current().policy.recipients.get(case.recipient)
    return {
        "format": FORMAT,
        "made_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "case": case.ref,
        "from": current().policy.company.name,
        "to": party.name if party else case.recipient,
        "authority": words.get("authority", ""),
        "clause": case.clause,
        "version": case.version,
        "ground": case.ground,
        "data": case.categories,
        "since": case.since,
        "until": case.until,
        "ends": case.ends_at,
    }


def _data(facts: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    return facts | {
        "people": [
            {
                "person": row["part"].person,
                "left_out": row["part"].reason,
                "held": [
                    {
                        "label": shown["one"].label,
                        "category": shown["one"].category,
                        "value": shown["one"].value,
                        "collected_at": shown["one"].at,
                        "clause": shown["one"].clause,
                        "version": shown["one"].version,
                        "file": shown["file"],
                    }
                    for shown in row["found"]
                ],
            }
            for row in rows
        ]
    }
