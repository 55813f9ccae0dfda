"""Showing what is public: to nobody in particular, as often as somebody looks.

Making something public is a disclosure, and it is on the ledger when it is made (`uses.use` with a
recipient that is the public). Who looks at it afterwards is not: a page that everybody may read
has no readers to account for. What is asked anew each time is whether it may still be seen: whoever
objected, is restricted, took their yes back or is erased is not in it any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.gate.audiences import audience_among
from troth.core.gate.deciding import decide_for_policy, denied
from troth.core.gate.uses import hold_open
from troth.core.keyring import store
from troth.core.keyring.opening import Opening
from troth.core.notices.versions import current
from troth.core.people.models import Person


@contextmanager
def shown(
    *, purpose: str, data: Sequence[str], among: frozenset[UUID], to: str
) -> Iterator[Opening]:
    """Open data of those `among` these people that may be public now: the opening's `people`, all
    records of theirs. `to` is a recipient of the kind public.

    Raises `UseDenied` where no clause lets the data be public, or the recipient is somebody.
    """
    published, anybody = current(), Actor.visitor()
    party = published.rules.recipients.get(to)
    if party is not None and party.kind != "public":
        raise denied(published, anybody, purpose, tuple(data), "", "not-public", to=to)
    clause = decide_for_policy(published, anybody, purpose, data, to, each=True)
    records = _records(among)
    found = audience_among(Ids(records), purpose=purpose, data=data, to=to)
    humans = {records[one] for one in found}
    people = frozenset(one for one, root in records.items() if root in humans)
    with hold_open(purpose, frozenset(data), people, clause, to) as opening:
        if people:
            store.load(opening, owners=Ids(people))
        yield opening


def _records(among: frozenset[UUID]) -> dict[UUID, UUID]:
    """All records of these humans, each with its root: of joined ones one has the permits."""
    roots = Person.objects.filter(pk__among=Ids(among)).values_list("root_id", flat=True)
    rows = Person.objects.filter(root__id__among=Ids(frozenset(roots)))
    return dict(rows.values_list("pk", "root_id"))
