"""Choosing the allowed among a million people: our query, plain SQL, and a loop."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bench.figure import Pair, beside, seconds
from bench.inside.people import Share, fill
from troth.core import clock
from troth.core.gate.audiences import audience
from troth.core.gate.models import Permit
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

SLICE: Final = 2_000  # people the loop is measured with
EMAIL: Final = "user.contact.email"
NAME: Final = "user.name"
SHARES: Final = (
    Share("newsletter", EMAIL, having=7, usable=6),
    Share("newsletter", NAME, having=4, usable=3),
    Share("support", EMAIL, having=2, usable=2),
)


def measure(count: str) -> dict[str, Any]:
    """Seconds for each way, with how many were chosen."""
    organisation = Organisation.objects.get()
    people = fill(organisation, int(count), SHARES)
    with scope(organisation):
        assert current().rules.find("use", "newsletter", EMAIL).allowed
        chosen = audience(purpose="newsletter", data=[EMAIL]).count()
        assert chosen == _count(organisation), "the plain count is another question"
        one = beside(_chosen([EMAIL]), lambda: _count(organisation), rounds=7)
        two = beside(_chosen([EMAIL, NAME]), lambda: _count(organisation), rounds=3)
        ids = beside(_listed, lambda: _ids(organisation), rounds=3)
        loop = [seconds(lambda: _loop(people[:: len(people) // SLICE][:SLICE])) for _ in range(3)]
    return {
        "chosen": chosen,
        **{f"one_{key}": value for key, value in _medians(one).items()},
        **{f"two_{key}": value for key, value in _medians(two).items()},
        **{f"ids_{key}": value for key, value in _medians(ids).items()},
        "loop": statistics.median(loop) / SLICE * int(count),
    }


def _medians(pair: Pair) -> dict[str, float]:
    return {"ours": pair.value, "sql": pair.peers, "ratio": pair.ours_to_peer}


def _chosen(data: Sequence[str]) -> Any:
    return lambda: audience(purpose="newsletter", data=data).count()


def _listed() -> list[UUID]:
    return list(audience(purpose="newsletter", data=[EMAIL]).values_list("person_id", flat=True))


WHERE: Final = "WHERE organisation_id = %s AND purpose = %s AND category = %s AND usable_from <= %s"


def _run(what: str, organisation: Organisation) -> list[Any]:
    now = f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {what} FROM gate_permit {WHERE}",
            [organisation.pk.hex, "newsletter", EMAIL, now],
        )
        return cursor.fetchall()


def _count(organisation: Organisation) -> int:
    return int(_run("count(*)", organisation)[0][0])


def _ids(organisation: Organisation) -> list[Any]:
    return _run("person_id", organisation)


def _loop(people: Sequence[UUID]) -> list[UUID]:
    """The decision one by one, as lean as it can be: the policy once, one query a person."""
    if not current().rules.find("use", "newsletter", EMAIL).allowed:
        return []
    now = clock.now()
    wanted = Permit.objects.filter(purpose="newsletter", category=EMAIL, usable_from__lte=now)
    return [person for person in people if wanted.filter(person_id=person).exists()]
