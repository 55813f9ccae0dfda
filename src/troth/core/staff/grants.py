"""Grants: a member reads for a while what is not theirs, on a ground. Each is on the ledger, where
the person it is about sees it; owners see all of them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.ledger.api import record as enter
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.staff import acts
from troth.core.staff.models import Grant, Membership, Role

USUAL: Final = {
    "complaint": "A complaint about how it was handled",
    "away": "Whoever had it is away, and it cannot wait",
    "abuse": "Suspected abuse, or a breach",
    "law": "A claim, or a duty under the law",
    "customer-request": "The person asked for it",
}
"""Grounds where the policy has no clause that names any."""
LONGEST: Final = 14 * 24  # hours


def grounds() -> dict[str, str]:
    """The grounds on which a record may be opened, with words for them: those of the clauses of
    access of the policy in force, of those that ask for a grant where there are any.
    """
    clauses = [one for one in current().policy.accesses if one.who in ("staff", "host")]
    strict = [one for one in clauses if "grant" in one.needs]
    named = [ground for one in strict or clauses for ground in one.grounds]
    return {key: words(key) for key in named} or USUAL


def words(ground: str) -> str:
    """What people read of a ground."""
    return USUAL.get(ground, ground.replace("-", " ").capitalize())


@action
def give(
    *, actor: Actor, member: Membership, record: UUID, subject: str, ground: str, hours: int
) -> Grant:
    """Let a member read one record for some hours. `subject` is the reference of whom it is about.

    Raises `Denied` for a member who has promised no confidentiality, and for who gives one to
    themselves while somebody else could: it takes two. Who is alone in giving them may, and the
    ledger says so.
    """
    actor.needs(Role.Ability.GRANTS_GIVE)
    if ground not in grounds():
        raise Invalid("There is no such ground.", do=f"One of: {', '.join(grounds())}.")
    if not 1 <= hours <= LONGEST:
        raise Invalid(f"A grant lasts between 1 and {LONGEST} hours.")
    if member.undertaking_at is None:
        raise Denied(
            "This member has not promised confidentiality.",
            why="Nothing opens to them before.",
            do="Have them log in; they are asked at once.",
        )
    alone = member.ref == actor.ref
    if alone and others_give(actor):
        raise Denied(
            "Nobody gives a grant to themselves.",
            why="A colleague who gives grants looks at the ground, so that it takes two.",
            do="Ask them for it on this page.",
        )
    now = clock.now()
    made = Grant.objects.create(
        member=member,
        record=record,
        ground=ground,
        given_by=actor.ref,
        given_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    act = acts.GRANT_TAKEN if alone else acts.GRANT_GIVEN
    _enter(act, actor, subject, member=member.ref, ground=ground)
    return made


def others_give(actor: Actor) -> bool:
    """Whether anybody on the staff but the actor could give a grant now."""
    others = Membership.objects.select_related("role").exclude(ref=actor.ref)
    others = others.filter(undertaking_at__isnull=False, user__is_active=True)
    return any(Role.Ability.GRANTS_GIVE in one.role.abilities for one in others)


@action
def end(grant: Grant, *, actor: Actor, subject: str) -> None:
    """Take a grant back before its time. Doing it again changes nothing."""
    actor.needs(Role.Ability.GRANTS_GIVE)
    now = clock.now()
    open_ones = Grant.objects.filter(pk=grant.pk, ended_at=None, expires_at__gt=now)
    if open_ones.update(ended_at=now):
        _enter(acts.GRANT_ENDED, actor, subject, member=grant.member.ref)


def in_force(records: Collection[UUID], *, now: datetime | None = None) -> QuerySet[Grant]:
    """The grants for these records that hold now."""
    moment = now or clock.now()
    return Grant.objects.filter(
        Q(ended_at=None), record__in=records, expires_at__gt=moment, given_at__lte=moment
    )


def every() -> QuerySet[Grant]:
    """All grants that were ever given, the newest first."""
    return Grant.objects.select_related("member")


def _enter(act: str, actor: Actor, subject: str, **detail: str) -> None:
    enter(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        subject=subject,
        version=current().version,
        detail=detail,
    )
