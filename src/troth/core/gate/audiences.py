"""Sets of people: who of an organisation may be used for a purpose, as one SQL query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from troth.core import clock
from troth.core.among import Ids
from troth.core.gate.manners import recipient
from troth.core.gate.models import Permit, Stance, Told
from troth.core.notices import versions
from troth.core.notices.versions import current
from troth.policy import Rules
from troth.policy.words import ASKED

FEW: Final = 5_000  # people for whom their permits are looked up one by one


def audience(*, purpose: str, data: Sequence[str], to: str = "") -> QuerySet[Permit]:
    """The permits, one for each person, of those whose `data` may all serve `purpose` now; with
    `to`, and may go to that recipient.

    The policy is asked first: where it permits nothing the set is empty. Take ``person_id`` from
    the rows; they hold no personal value.
    """
    rules = current().rules
    if not data or not all(_allowed(rules, purpose, category, to) for category in data):
        return Permit.objects.none()
    usable = Permit.objects.filter(Permit.usable(clock.now()), purpose=purpose)
    first, *others = data
    people = usable.filter(category=first)
    for category in others:
        also = usable.filter(category=category, person_id=OuterRef("person_id"))
        people = people.filter(Exists(also))
    return _may_go(people, purpose, data, to, rules) if to else people


def missing_from(ids: Ids, *, purpose: str, data: Sequence[str], to: str = "") -> int:
    """How many of these people are not in the audience."""
    if len(data) > 1 and not to:
        # A person has one permit for a category, so that counting all at once is enough where
        # nobody is missing, and several times as fast.
        permits = Permit.objects.filter(
            Permit.usable(clock.now()), purpose=purpose, category__in=data
        )
        many = len(ids) > FEW
        permits = permits.filter(**{"person__id__within" if many else "person__id__among": ids})
        if permits.count() == len(ids) * len(set(data)):
            return 0
    people = audience(purpose=purpose, data=data, to=to)
    return len(ids) - people.filter(person__id__among=ids).count()


def _allowed(rules: Rules, purpose: str, category: str, to: str) -> bool:
    if not rules.find("use", purpose, category).allowed:
        return False
    return not to or rules.find("share", purpose, category, to).allowed


def _may_go(
    people: QuerySet[Permit], purpose: str, data: Sequence[str], to: str, rules: Rules
) -> QuerySet[Permit]:
    """Those who refused this recipient, were not told of it yet, or did not say the yes that the
    clause asks for, left out. One by one it is `deciding.undisclosed`.
    """
    choices = {rules.find("share", purpose, category, to).choice for category in data}
    said = Stance.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now()),
        person__root_id=OuterRef("person__root_id"),
    )
    here, at_all = Q(manner=recipient(to)), Q(manner="")
    refused = here & Q(purpose__in=(purpose, Stance.SOLICITATION))
    if choices != {"none"}:
        refused |= at_all & Q(purpose=purpose)
    if "opt-out" in choices:
        refused |= at_all & Q(purpose=Stance.SOLICITATION)
    people = people.filter(~Exists(said.filter(refused, decision=Stance.Decision.REFUSED)))
    if choices & set(ASKED):
        manner = here if "explicit-opt-in" in choices else here | at_all
        given = said.filter(manner, purpose=purpose, decision=Stance.Decision.GIVEN)
        people = people.filter(Exists(given))
    wider = versions.widened(purpose, to)
    if not any(wider.values()):
        return people
    told = Told.objects.filter(
        person__root_id=OuterRef("person__root_id"),
        version__in=[name for name, more in wider.items() if more],
        opens_at__lte=clock.now(),
    )
    own = {version for _, version, _ in versions.origins(purpose, to)}
    return people.filter(Q(version__in=own) | Exists(told))
