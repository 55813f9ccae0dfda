"""What is no longer right or needed: addresses gone stale, and data that no purpose uses.

Neither is a period of the policy: somebody looks at the list, and removes what is on it in one act.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.errors import Invalid
from troth.core.keyring import erasures
from troth.core.keyring.store import signing_key
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element
from troth.core.retention import acts
from troth.core.retention.ending import ELEMENTS
from troth.core.retention.holds import ABILITY
from troth.core.retention.moments import latest_start
from troth.core.retention.schedules import held
from troth.core.rights.ending import end
from troth.policy.periods import Period

EMAIL: Final = "user.contact.email"
MONTHS: Final = 24


@dataclass(frozen=True, slots=True)
class Idle:
    """A field of the people's data that no purpose of the policy in force may use."""

    name: str
    category: str
    count: int

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.category}:{self.name}"


def months() -> int:
    """After how many months without a sign an address is stale (the setting ``stale_months``)."""
    home = getattr(settings, "HOME", None)
    return int(home.option("stale_months", str(MONTHS))) if home else MONTHS


def idle() -> list[Idle]:
    """The fields that no purpose uses any more, with how many values of each are held."""
    groups = _loose().order_by("category", "name").values_list("category", "name")
    counted = groups.annotate(number=Count("pk"))
    return [Idle(name, key, number) for key, name, number in counted if not _used(key)]


def stale(bounced: Collection[bytes] | QuerySet[Any, Any] = ()) -> QuerySet[Element]:
    """The addresses that were neither confirmed nor given, by people who were not heard of, within
    those months; and those whose mail came back (`bounced`: their blind indexes). What an account
    stands on is not among them: it is its owner who changes that.
    """
    since = latest_start(Period.parse(f"{months()} months"), clock.now(), "")
    silent = Q(collected_at__lt=since, person__root__last_contact_at__lt=since)
    silent &= Q(verified_at=None) | Q(verified_at__lt=since)
    return _loose().filter(silent | Q(index__in=bounced), category=EMAIL)


@action
def remove_idle(key: str, *, actor: Actor) -> int:
    """Remove all values of a field that no purpose uses. Raises `Invalid` where one does."""
    found = next((one for one in idle() if one.key == key), None)
    if found is None:
        raise Invalid("A purpose uses this, or nothing of it is held.", do="Reload the list.")
    rows = _loose().filter(category=found.category, name=found.name)
    return _remove(rows, [found.category], actor=actor, reason="unused")


@action
def remove_stale(
    among: Collection[UUID],
    *,
    actor: Actor,
    bounced: Collection[bytes] | QuerySet[Any, Any] = (),
) -> int:
    """Remove those of these addresses that are stale now: what somebody has seen, and no more."""
    rows = stale(bounced).filter(pk__in=list(among))
    return _remove(rows, [EMAIL], actor=actor, reason="stale")


def _remove(rows: QuerySet[Element], data: list[str], *, actor: Actor, reason: str) -> int:
    actor.needs(ABILITY)
    ids: list[UUID] = list(rows.order_by().values_list("pk", flat=True))
    if not ids:
        raise Invalid("Nothing of it is left to remove.", do="Reload the list.")
    organisation, published = current_organisation_id(), current()
    # Told before they go: a restored backup still holds them.
    erasures.note(
        organisation=organisation, owners=ids, keys={}, key=signing_key(organisation), act=ELEMENTS
    )
    count = end(Element.objects.filter(pk__among=Ids(ids)), then="erase", clause="")
    record(
        act=acts.REMOVED,
        organisation=organisation,
        actor=actor,
        version=published.version,
        data=data,
        count=count,
        detail={"reason": reason},
    )
    return count


def _used(category: str) -> bool:
    rules = current().rules
    return any(rules.find("use", purpose, category).allowed for purpose in rules.purposes)


def _loose() -> QuerySet[Element]:
    """What may go by itself: not locked, under no hold, nothing stands or falls with it, and whose
    it is has not asked for it to be kept and not used.
    """
    found = Element.objects.filter(~held(clock.now()), locked_at=None)
    found = found.exclude(person__root__family__restricted_at__isnull=False)
    for relation in Element._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and not relation.field.null:
            model: Any = relation.related_model
            pointing = model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
            found = found.filter(~Exists(pointing))
    return found
