"""“This was not me”: the account is locked, sessions end, and an incident is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from troth.channels.accounts import acts, addresses, sign_ins
from troth.channels.accounts.entries import as_person, note
from troth.channels.accounts.grounds import account_purpose
from troth.channels.accounts.models import (
    AddressChange,
    Correction,
    Incident,
    Passkey,
    RecoveryCode,
    SecondFactor,
    SignIn,
    User,
)  # fmt: skip
from troth.channels.accounts.second_factor import asked_of
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.kit import links
from troth.kit.outbox.api import send

LINK: Final = "accounts.not-me"
COUNTS: Final = timedelta(days=30)
CAUSES: Final[dict[str, tuple[type[models.Model], str]]] = {
    Incident.About.SIGN_IN: (SignIn, "started_at"),
    Incident.About.ADDRESS: (AddressChange, "asked_at"),
    Incident.About.CORRECTION: (Correction, "at"),
    Incident.About.FACTOR: (SecondFactor, "created_at"),
    Incident.About.PASSKEY: (Passkey, "created_at"),
}
"""The rows a link can be about, and the field that says when it happened."""


class IncidentMissing(Missing):
    """The organisation has no such incident."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a link of ours is about."""

    user: User
    about: str
    cause: UUID
    since: datetime

    @property
    def incident(self) -> Incident | None:
        """The incident this link opened earlier; a link locks once."""
        return Incident.objects.filter(user=self.user, about=self.about, cause=self.cause).first()


def token(about: str, cause: UUID) -> str:
    """What stands in the address of the link. Works for 30 days, without a log-in."""
    return links.sign(LINK, f"{about}.{cause.hex}")


def read(text: str) -> Complaint:
    """The complaint a token stands for. Raises `LinkInvalid`."""
    about, _, cause = links.read(text, LINK, COUNTS).partition(".")
    if about not in CAUSES:
        raise links.LinkInvalid
    model, moment = CAUSES[about]
    row: Any = model._default_manager.filter(pk=UUID(cause)).first()
    if row is None:
        raise links.LinkInvalid
    user = User.objects.select_related("person__root", "address").get(pk=row.user_id)
    return Complaint(user, about, row.pk, getattr(row, moment))


@action
def lock(complaint: Complaint) -> Incident:
    """Lock the account and end its sessions. Repeating changes nothing.

    An address changed since what the link tells of is put back, and a second factor or a passkey
    set up since is taken off: the way back in is a link to the address, and would otherwise go to
    the stranger or stop at the stranger's factor.
    """
    if (earlier := complaint.incident) is not None:
        return earlier
    user, actor = complaint.user, as_person(complaint.user.person)
    incident = Incident.objects.create(
        user=user, about=complaint.about, cause=complaint.cause, opened_at=clock.now()
    )
    addresses.take_back(user, complaint.since, actor=actor)
    for kind in (SecondFactor, Passkey):
        kind._default_manager.filter(user=user, created_at__gte=complaint.since).delete()
    if not asked_of(user):  # else the codes that a stranger was shown would count with the next one
        RecoveryCode.objects.filter(user=user).delete()
    user.is_active = False
    user.save(update_fields=["is_active"])
    sign_ins.end_all(user, actor=actor)
    note(acts.LOCKED, user.person, actor=actor, detail={"about": complaint.about})
    send(
        user.person,
        kind="accounts.locked",
        purpose=account_purpose(),
        actor=actor,
        record=incident.pk,
        to=user.address,
    )
    return incident


def unhandled() -> QuerySet[Incident]:
    """The incidents the staff has still to look into, newest first."""
    return Incident.objects.filter(handled_at=None).select_related("user__person__root")


@action
def handle(pk: UUID, *, actor: Actor) -> None:
    """Note that the staff has looked into it. The account stays as it is: only the person opens it
    again. Repeating changes nothing. Raises `IncidentMissing`."""
    actor.needs("staff.manage")
    found = Incident.objects.select_related("user__person__root").filter(pk=pk).first()
    if found is None:
        raise IncidentMissing("There is no such incident.", do="Look at the list of incidents.")
    if Incident.objects.filter(pk=pk, handled_at=None).update(handled_at=clock.now()):
        person = found.user.person
        note(acts.INCIDENT_HANDLED, person, actor=actor, detail={"about": found.about})
