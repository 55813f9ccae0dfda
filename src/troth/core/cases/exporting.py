"""What moves with a transfer, handed over once: those who were told and did not object."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.cases import acts
from troth.core.cases.entering import OPEN, CaseDenied, CaseInvalid, enter, held, read
from troth.core.cases.models import Case, Concern
from troth.core.cases.needs import met
from troth.core.cases.standing import ripe
from troth.core.cases.transferring import counts
from troth.core.gate.audiences import audience
from troth.core.gate.deciding import decide_for_policy
from troth.core.gate.models import Permit
from troth.core.gate.uses import use_many
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.policy.taxonomy import covers

FORMAT: Final = "troth-transfer/1"
PEOPLE, MANIFEST = "people.jsonl", "manifest.json"


@action
def export(case: Case, *, actor: Actor) -> bytes:
    """The zip file, once. Raises `CaseDenied` until everybody was told and the time to object is
    over; and what the gate raises.
    """
    actor.needs(OPEN)
    held(case, Case.State.OPEN)
    now = clock.now()
    if case.kind != Case.Kind.TRANSFER or case.given_at is not None:
        raise CaseInvalid("What moves was handed over already, or nothing moves.")
    if case.told_at is None or case.objections_until is None or case.objections_until > now:
        raise CaseDenied(
            "Nothing moves yet.",
            why="Each person is told first, and has the time to object.",
            clause=case.clause,
            do="Wait until the day that the case shows.",
        )
    seen = met(case)
    lines: dict[str, list[dict[str, Any]]] = {}
    groups = _groups(case, seen, actor)
    for categories, people in groups.items():
        with use_many(
            actor=actor,
            purpose=case.purpose,
            data=sorted(categories),
            people=people,
            to=case.recipient,
            case=case.ref,
        ):
            _read(lines, categories, people)
    packed = _zip(case, lines, actor=actor)
    gone = Person.objects.filter(pk__among=[one for group in groups.values() for one in group])
    Concern.objects.filter(case=case, person_id__in=gone.values("root_id")).update(
        state=Concern.State.GIVEN, given_at=now
    )
    case.given_at, case.given_by, case.digest = now, actor.ref, sha256(packed).hexdigest()
    case.save(update_fields=["given_at", "given_by", "digest"])
    enter(case, acts.EXPORTED, actor=actor, count=len(lines), detail={"digest": case.digest})
    return packed


def _groups(case: Case, seen: Collection[str], actor: Actor) -> dict[frozenset[str], list[UUID]]:
    """The records that move by what of them may, so that each group is one use. Whoever said no to
    this recipient in any other way than to the case is in none.
    """
    data = Q()
    for category in case.categories:
        data |= Q(category=category) | Q(category__startswith=f"{category}.")
    usable = Permit.objects.filter(Permit.usable(clock.now()), data, purpose=case.purpose)
    moving = Ids(ripe(case).values_list("person_id", flat=True))
    held_of_them = usable.filter(person__root__id__among=moving).order_by()
    found = sorted(held_of_them.values_list("category", flat=True).distinct())
    if found:  # whom the policy or a bar keeps from it is told so, and gets no empty list
        decide_for_policy(current(), actor, case.purpose, found, case.recipient, seen, each=True)
    mine: dict[UUID, set[str]] = {}
    for category in found:
        may_go = audience(purpose=case.purpose, data=[category], to=case.recipient, met=seen)
        inside = may_go.filter(person__root__id__among=moving)
        for person in inside.values_list("person_id", flat=True):
            mine.setdefault(person, set()).add(category)
    groups: dict[frozenset[str], list[UUID]] = {}
    for person, categories in mine.items():
        groups.setdefault(frozenset(categories), []).append(person)
    return groups


def _read(
    lines: dict[str, list[dict[str, Any]]], categories: frozenset[str], people: list[UUID]
) -> None:
    roots = dict(Person.objects.filter(pk__among=people).values_list("pk", "root__ref"))
    elements = Element.objects.filter(person__id__among=people).order_by("collected_at", "id")
    for one in elements.iterator(chunk_size=1000):
        inside = any(covers(category, one.category) for category in categories)
        if inside and isinstance(one.value, str):
            lines.setdefault(roots[one.person_id], []).append(
                {"name": one.name, "category": one.category, "value": one.value}
            )


def _zip(case: Case, lines: dict[str, list[dict[str, Any]]], *, actor: Actor) -> bytes:
    content = "".join(
        json.dumps({"person": ref, "held": held_now}, ensure_ascii=False) + "\n"
        for ref, held_now in sorted(lines.items())
    ).encode()
    words = read(case, actor=actor)
    manifest = {
        "format": FORMAT,
        "case": case.ref,
        "clause": case.clause,
        "to": words.get("acquirer", case.recipient),
        "data": case.categories,
        "people": len(lines),
        "left_out": {key: count for key, count in counts(case).items() if key != "told"},
        "sha256": {PEOPLE: sha256(content).hexdigest()},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PEOPLE, content)
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
    return packed.getvalue()
