"""Sets of people: who of an organisation may be used for a purpose, as one SQL query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from troth.core import clock
from troth.core.among import Ids
from troth.core.gate.above import kept_from
from troth.core.gate.manners import recipient
from troth.core.gate.models import Permit, Stance, Told
from troth.core.notices import versions
from troth.core.notices.versions import current
from troth.core.recipients.foretelling import ripe, share_of, windows_kept
from troth.core.recipients.standing import barred
from troth.policy import Rules
from troth.policy.words import ASKED

FEW: Final = 5_000  # people for whom their permits are looked up one by one


def audience(
    *, purpose: str, data: Sequence[str], to: str = "", met: Collection[str] = ()
) -> QuerySet[Permit]:
    """The permits, one for each person, of those whose `data` may all serve `purpose` now; with
    `to`, and may go to that recipient.

    `met` are the times to refuse that a case has kept (`deciding.brought`). The policy is asked
    first: where it permits nothing the set is empty. Take ``person_id`` from
    the rows; they hold no personal value.
    """
    rules = current().rules
    if not data or not all(_allowed(rules, purpose, category, to) for category in data):
        return Permit.objects.none()
    if barred(to, rules) is not None:
        return Permit.objects.none()
    usable = Permit.objects.filter(Permit.usable(clock.now()), purpose=purpose)
    first, *others = data
    people = usable.filter(category=first)
    for category in others:
        also = usable.filter(category=category, person_id=OuterRef("person_id"))
        people = people.filter(Exists(also))
    return _may_go(people, purpose, data, to, rules, met) if to else people


def audience_among(
    ids: Ids, *, purpose: str, data: Sequence[str], to: str = "", met: Collection[str] = ()
) -> QuerySet[Permit, UUID]:
    """The ids of those of these people who are in the audience.

    A person has one permit for a category, so that those who have as many usable ones as there are
    categories are found by counting: a look-up for each permit, however the database would join
    the whole audience.
    """
    categories = sorted(set(data))
    if to or len(categories) < 2:  # noqa: PLR2004 - one category is one permit
        people = audience(purpose=purpose, data=data, to=to, met=met)
        return people.filter(person__id__among=ids).values_list("person_id", flat=True)
    rules = current().rules
    if not all(_allowed(rules, purpose, category, "") for category in categories):
        return Permit.objects.none().values_list("person_id", flat=True)
    by_person = _permits(ids, purpose, categories).order_by().values("person_id")
    counted = by_person.annotate(has=Count("pk"))
    return counted.filter(has=len(categories)).values_list("person_id", flat=True)


def _permits(ids: Ids, purpose: str, categories: Collection[str]) -> QuerySet[Permit]:
    """All usable permits of these people for any of the categories."""
    permits = Permit.objects.filter(
        Permit.usable(clock.now()), purpose=purpose, category__in=categories
    )
    # Of very many people it is most of the table, and then their list is what is looked up in.
    few = len(ids) <= FEW
    return permits.filter(**{"person__id__among" if few else "person__id__within": ids})


def missing_from(
    ids: Ids, *, purpose: str, data: Sequence[str], to: str = "", met: Collection[str] = ()
) -> int:
    """How many of these people are not in the audience."""
    categories = set(data)
    if len(categories) > 1 and not to:
        # Where nobody is missing it is enough to count all permits at once, and much faster.
        permits = _permits(ids, purpose, categories)
        if permits.count() == len(ids) * len(categories):
            return 0
    found = audience_among(ids, purpose=purpose, data=data, to=to, met=met)
    return len(ids) - found.count()


def _allowed(rules: Rules, purpose: str, category: str, to: str) -> bool:
    if not rules.find("use", purpose, category).allowed:
        return False
    return not to or rules.find("share", purpose, category, to).allowed


def _may_go(
    people: QuerySet[Permit],
    purpose: str,
    data: Sequence[str],
    to: str,
    rules: Rules,
    met: Collection[str],
) -> QuerySet[Permit]:
    """Those who refused this recipient, were not told of it yet, or did not say the yes that the
    clause asks for, left out. One by one it is `deciding.undisclosed`.
    """
    choices = {rules.find("share", purpose, category, to).choice for category in data}
    people, said = _unrefused(people, purpose, to, rules, choices)
    if choices & set(ASKED):
        here, at_all = Q(manner=recipient(to)), Q(manner="")
        manner = here if "explicit-opt-in" in choices else here | at_all
        given = said.filter(manner, purpose=purpose, decision=Stance.Decision.GIVEN)
        people = people.filter(Exists(given))
    if not all(windows_kept(rules.find("share", purpose, one, to), met) for one in data):
        people = people.filter(Exists(ripe(purpose, to)))
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


def _unrefused(
    people: QuerySet[Permit], purpose: str, to: str, rules: Rules, choices: Collection[str]
) -> tuple[QuerySet[Permit], QuerySet[Stance]]:
    """Those who did not refuse this recipient; and all that their humans said and that holds."""
    said = Stance.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now()),
        person__root_id=OuterRef("person__root_id"),
    )
    here, at_all = Q(manner=recipient(to)), Q(manner="")
    refused = here & Q(purpose__in=(purpose, Stance.SOLICITATION))
    if set(choices) != {"none"}:
        refused |= at_all & Q(purpose=purpose)
    if "opt-out" in choices:
        refused |= at_all & Q(purpose=Stance.SOLICITATION)
    if any(kept_from(purpose, to, rules, choice) for choice in choices):
        refused |= at_all & Q(purpose=Stance.ONWARD)
    return people.filter(~Exists(said.filter(refused, decision=Stance.Decision.REFUSED))), said


def tellable(*, purpose: str, to: str) -> QuerySet[Permit]:
    """The permits of those who have to be told before their data could go to this recipient: it is
    held for the purpose, and they did not refuse. Who has to say yes first is told as well.
    """
    rules = current().rules
    share = share_of(purpose, to, rules)
    if share is None:
        return Permit.objects.none()
    named = Q()
    for category in map(rules.category, share.data):
        named |= Q(category=category) | Q(category__startswith=f"{category}.")
    usable = Permit.objects.filter(Permit.usable(clock.now()), named, purpose=purpose)
    return _unrefused(usable, purpose, to, rules, {share.choice})[0]
