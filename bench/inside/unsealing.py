"""Reading people with five values each: sealed, under one open use, and the same in clear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db import connection, models, transaction

from bench.figure import beside
from bench.inside.people import Share, fill
from bench.toy.models import Sealed, Unsealed
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.gate.uses import use_many
from troth.core.keyring.store import load, make_person_keys
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

DATA: Final = {
    "name": "user.name",
    "email": "user.contact.email",
    "phone": "user.contact.phone_number",
    "address": "user.contact.address",
    "message": "user.content.private",
}
PURPOSE: Final = "bench"
BATCH: Final = 5_000


def measure(count: str) -> dict[str, Any]:
    """Seconds to read all people with all values, sealed and unsealed."""
    organisation = Organisation.objects.get()
    shares = [Share(PURPOSE, category) for category in DATA.values()]
    people = fill(organisation, int(count), shares)
    with scope(organisation):
        _make(people)
        found = beside(lambda: _sealed(people), lambda: _read(Unsealed))
        with use_many(
            actor=Actor.system("cli"), purpose=PURPOSE, data=list(DATA.values()), people=people
        ):
            assert _read(Sealed) == _read(Unsealed), "what was unsealed is not what was sealed"
            within = beside(lambda: _read(Sealed), lambda: _read(Unsealed), rounds=3)
    return {
        "sealed": found.value,
        "unsealed": found.peers,
        "ratio": found.ours_to_peer,
        "within": within.ours_to_peer,
    }


def _sealed(people: Iterable[UUID]) -> int:
    data = list(DATA.values())
    with use_many(actor=Actor.system("cli"), purpose=PURPOSE, data=data, people=people):
        return _read(Sealed)


def _read(model: type[models.Model]) -> int:
    """Every row as an instance, every value read; returns the length of it all."""
    total = 0
    for row in model._default_manager.all().iterator(chunk_size=2_000):
        total += len(row.name) + len(row.email) + len(row.phone)  # type: ignore[attr-defined]
        total += len(row.address) + len(row.message)  # type: ignore[attr-defined]
    return total


def _values(number: int) -> dict[str, str]:
    return {
        "name": f"Person Number {number}",
        "email": f"person.{number}@customers.example",
        "phone": f"+1 604 555 {number:07}",
        "address": f"{number} Example Street\nVancouver, British Columbia",
        "message": f"Please call me about order {number}: the second box has not come yet. " * 2,
    }


def _make(people: list[UUID]) -> None:
    """A sealed and an unsealed row for everybody, each person's sealed with a key of their own."""
    organisation = Organisation.objects.get()
    with connection.schema_editor() as editor:
        editor.create_model(Sealed)
        editor.create_model(Unsealed)
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        keys = make_person_keys(batch, organisation.pk)
        visitor = Actor.visitor()
        with (
            transaction.atomic(),
            collect(actor=visitor, touchpoint="forms.bench", data=list(DATA.values())) as open_,
        ):
            open_.opening.sealing_keys.update(zip(batch, (key.bytes for key in keys), strict=True))
            load(open_.opening, owners=batch)
            for model in (Sealed, Unsealed):
                model.objects.bulk_create(
                    model(person_id=person, **_values(start + number))
                    for number, person in enumerate(batch)
                )
