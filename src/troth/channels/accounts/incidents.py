"""“This was not me”: the account is locked, sessions end, and an incident is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import models

from troth.channels.accounts import acts, addresses, sign_ins
from troth.channels.accounts.entries import as_person, note
from troth.channels.accounts.grounds import account_purpose
from troth.channels.accounts.models import (
    AddressChange, Correction, Incident, SecondFactor, SignIn, User,
)  # fmt: skip
from troth.core import clock
from troth.core.actions import action
from troth.kit import links
from troth.kit.outbox.api import send

LINK: Final = "accounts.not-me"
COUNTS: Final = timedelta(days=30)
CAUSES: Final[dict[str, type[models.Model]]] = {
    Incident.About.SIGN_IN: SignIn,
    Incident.About.ADDRESS: AddressChange,
    Incident.About.CORRECTION: Correction,
    Incident.About.FACTOR: SecondFactor,
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a link of ours is about."""

    user: User
    about: str
    cause: UUID

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
    found = CAUSES[about]._default_manager.filter(pk=UUID(cause)).first() if about in CAUSES else None
    if found is None:
        raise links.LinkInvalid
    return Complaint(found.user, about, UUID(cause))  # type: ignore[attr-defined]


@action
def lock(complaint: Complaint) -> Incident:
    """Lock the account, end its sessions, undo what the link told of. Repeating changes nothing.

    A changed address is put back and a new second factor taken off, since the way back in is a
    link to the address and would otherwise go to the stranger, or stop at the stranger's factor.
    """
    if (earlier := complaint.incident) is not None:
        return earlier
    user = complaint.user
    actor = as_person(user.person)
    incident = Incident.objects.create(
        user=user, about=complaint.about, cause=complaint.cause, opened_at=clock.now()
    )
    if complaint.about == Incident.About.ADDRESS:
        change = AddressChange.objects.select_related("old", "user__address").get(pk=complaint.cause)
        addresses.take_back(change, actor=actor)
        user.refresh_from_db(fields=["address"])
    if complaint.about == Incident.About.FACTOR:
        SecondFactor.objects.filter(pk=complaint.cause).delete()
    user.is_active = False
    user.save(update_fields=["is_active"])
    sign_ins.end_all(user, actor=actor)
    note(acts.LOCKED, user.person, actor=actor, detail={"about": complaint.about})
    send(user.person, kind="accounts.locked", purpose=account_purpose(), actor=actor,
         record=incident.pk, to=user.address)
    return incident
