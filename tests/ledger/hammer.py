"""A process that works on a ledger until it is killed: `record` or `sequence`, for an organisation.

Prints a line for each thing done, after it is done: what was printed must be there later.
"""

from __future__ import annotations

import sys
from itertools import count
from uuid import UUID

import django

django.setup()

from django.db import transaction  # noqa: E402

from ledger.places import register_acts  # noqa: E402
from support.databases import using  # noqa: E402
from troth.core.ids import opaque_ref  # noqa: E402
from troth.core.ledger import api, sequencing  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402


def tell(done: object) -> None:
    sys.stdout.write(f"{done}\n")
    sys.stdout.flush()


def main(what: str, organisation: str, times: str) -> None:
    register_acts()
    sequencing.BATCH = 7  # many small transactions, so that many moments can be hit
    owner = UUID(organisation)
    rounds = range(int(times)) if int(times) else count()
    for number in rounds:
        if what == "sequence":
            tell(api.sequence(owner))
            continue
        with scope(owner), transaction.atomic():
            entry = api.record(
                act="test.sent",
                organisation=owner,
                actor=api.Actor("person", opaque_ref()),
                detail={"form": "contact", "number": number},
            )
        tell(entry.hex)


_, job, database, keys, owner, times = sys.argv
with using(database, keys):
    main(job, owner, times)
