"""Grants by which a client lets its provider see people of it: for one purpose, on a ground, for
some hours. They, and each use under them, are on the client's ledger.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import QuerySet

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.clients import acts
from troth.core.clients.models import ClientGrant
from troth.core.errors import Invalid, Missing
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id, scope
from troth.core.staff.models import Role

USUAL: Final = ("client-request", "law")
LONGEST: Final = 14 * 24  # hours


def provider_here() -> Organisation:
    """The provider of the organisation in scope. Raises `Missing`."""
    here = Organisation.objects.select_related("provider").get(pk=current_organisation_id())
    if here.provider is None:
        raise Missing("This organisation is nobody's client.", do="Nothing is to be done here.")
    return here.provider


def grounds() -> dict[str, str]:
    """The grounds on which the provider may be let in: those that its own policy names."""
    with scope(provider_here()):
        clauses = [one for one in current().policy.accesses if one.who == "host"]
    named = [ground for one in clauses for ground in one.grounds] or USUAL
    return {key: key.replace("-", " ").capitalize() for key in named}


@action
def give(*, actor: Actor, purpose: str, ground: str, hours: int) -> ClientGrant:
    """Let the provider's staff see people as far as `purpose` reaches, for some hours."""
    actor.needs(Role.Ability.GRANTS_GIVE)
    provider_here()
    if ground not in grounds():
        raise Invalid("There is no such ground.", do=f"One of: {', '.join(grounds())}.")
    declared = current().rules.purposes
    if purpose not in declared or declared[purpose].basis == "prohibited":
        raise Invalid("The policy has no such purpose.", do="Choose one that it declares.")
    if not 1 <= hours <= LONGEST:
        raise Invalid(f"A grant lasts between 1 and {LONGEST} hours.")
    now = clock.now()
    made = ClientGrant.objects.create(
        purpose=purpose,
        ground=ground,
        given_by=actor.ref,
        given_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    _enter(acts.GRANT_GIVEN, actor, purpose, {"ground": ground})
    return made


@action
def end(ref: str, *, actor: Actor) -> None:
    """Take a grant back before its time. Doing it again changes nothing. Raises `Missing`."""
    actor.needs(Role.Ability.GRANTS_GIVE)
    found = ClientGrant.objects.filter(ref=ref).first()
    if found is None:
        raise Missing("There is no such grant.", do="Look at the list again.")
    now = clock.now()
    open_ones = ClientGrant.objects.filter(pk=found.pk, ended_at=None, expires_at__gt=now)
    if open_ones.update(ended_at=now):
        _enter(acts.GRANT_ENDED, actor, found.purpose, {})


def in_force() -> QuerySet[ClientGrant]:
    """The grants of the organisation in scope that hold now."""
    now = clock.now()
    return ClientGrant.objects.filter(ended_at=None, given_at__lte=now, expires_at__gt=now)


def _enter(act: str, actor: Actor, purpose: str, detail: dict[str, str]) -> None:
    record(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        purpose=purpose,
        version=current().version,
        detail=detail,
    )
