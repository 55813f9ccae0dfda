"""Who was told of a recipient before their data goes there, and whose time to refuse is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.recipients import acts
from troth.core.recipients.models import Foretold
from troth.policy import Rule, Rules
from troth.policy.blocks import Share


def share_of(purpose: str, to: str, rules: Rules) -> Share | None:
    """The clause under which data goes to this recipient for this purpose, the first if several."""
    for block in rules.policy.shares:
        if purpose in block.purposes and to in block.recipients:
            return block
    return None


def has_window(rule: Rule) -> bool:
    """Whether a rule of disclosure asks that people are told and have the time to refuse."""
    return any(one.startswith("window:") for one in rule.obligations)


def windows_kept(rule: Rule, met: Collection[str] = ()) -> bool:
    """Whether nothing is left of a rule's times to refuse after those a case has kept."""
    return all(one in met for one in rule.obligations if one.startswith("window:"))


def over(share: Share, told: datetime, rules: Rules) -> datetime:
    """When the time to refuse is over for somebody who was told at that moment."""
    return share.window.due(told, rules.policy.company.calendar) if share.window else told


@action
def foretell(person: Person, *, actor: Actor, to: str, purpose: str, way: str) -> Foretold:
    """Note that the person was told that their data is to go there; from now their time runs.

    Call it when they have been: their server took the mail, the page was shown. Telling twice
    changes nothing.
    """
    earlier = Foretold.objects.filter(
        person__root_id=person.root_id, recipient=to, purpose=purpose
    ).first()
    if earlier is not None:
        return earlier
    published, now = current(), clock.now()
    share = share_of(purpose, to, published.rules)
    made = Foretold.objects.create(
        person_id=person.root_id,
        recipient=to,
        purpose=purpose,
        clause=share.clause if share else "",
        version=published.version,
        way=way,
        at=now,
        opens_at=over(share, now, published.rules) if share else now,
    )
    data = [published.rules.category(name) for name in share.data] if share else []
    record(
        act=acts.FORETOLD,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        purpose=purpose,
        clause=made.clause,
        version=published.version,
        data=sorted(data),
        to=to,
        detail={"way": way},
    )
    return made


@action
def untell(person: Person, *, actor: Actor, to: str, purpose: str) -> None:
    """Take back that a mail told them: it did not arrive. Their time to refuse has not begun."""
    told = Foretold.objects.filter(
        person__root_id=person.root_id, recipient=to, purpose=purpose, way="mail"
    )
    if not told.delete()[0]:
        return
    record(
        act=acts.UNTOLD,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        purpose=purpose,
        version=current().version,
        to=to,
        detail={"way": "mail"},
    )


def unripe(people: Collection[UUID], purpose: str, to: str) -> str:
    """Why a clause's time to refuse is not over for this human, or nothing."""
    found = Foretold.objects.filter(person_id__in=people, recipient=to, purpose=purpose)
    opens = list(found.values_list("opens_at", flat=True))
    if not opens:
        return "not-told"
    return "" if min(opens) <= clock.now() else "recipient-window"


def ripe(purpose: str, to: str) -> QuerySet[Foretold]:
    """As a condition on permits: their human was told, and the time to refuse is over."""
    return Foretold.objects.filter(
        Q(opens_at__lte=clock.now()),
        person__root_id=OuterRef("person__root_id"),
        recipient=to,
        purpose=purpose,
    )


def told_of(person: Person) -> list[Foretold]:
    """All recipients a human was told of, the newest first."""
    return list(Foretold.objects.filter(person__root_id=person.root_id).order_by("-at"))
