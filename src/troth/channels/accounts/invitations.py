"""Staff: an owner invites by address, and who is invited chooses a password alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.urls import reverse

from troth.channels.accounts import acts
from troth.channels.accounts.entries import as_person, note
from troth.channels.accounts.finding import user_of
from troth.channels.accounts.grounds import EMAIL, OPERATOR, REGISTER, account_purpose
from troth.channels.accounts.models import User
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.collecting import Collecting, collect
from troth.core.notices.versions import current
from troth.core.people import records
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.staff.models import Membership, Role
from troth.kit import links
from troth.kit.outbox.api import send

LINK: Final = "accounts.invitation"
COUNTS: Final = timedelta(days=7)


class InvitationInvalid(Invalid):
    """The invitation cannot be made."""


@action
def invite(actor: Actor, name: str, email: str, role: Role) -> Membership:
    """Add a colleague to the staff and send a link to set a password.

    The actor needs the ability to manage the staff. Somebody who has an account already is told
    that it now opens the console. Raises `InvitationInvalid` for a member.
    """
    membership = add(actor=actor, name=name, email=email, role=role)
    user = membership.user
    kind = "accounts.access" if user.has_usable_password() else "accounts.invitation"
    send(
        user.person,
        kind=kind,
        purpose=account_purpose(),
        actor=actor,
        record=user.pk,
        to=user.address,
    )
    return membership


@action
def add(actor: Actor, name: str, email: str, role: Role) -> Membership:
    """As `invite`, but for the mail: who adds hands the link over in another way."""
    actor.needs("staff.manage")
    user = _user(actor, name, email)
    if Membership.objects.filter(user=user).exists():
        raise InvitationInvalid("This colleague is on the staff already.", do="Change the role.")
    membership = Membership.objects.create(user=user, role=role)
    note(acts.INVITED, user.person, actor=actor, data=[EMAIL, "user.name"])
    return membership


@action
def register_staff(
    actor: Actor, name: str, email: str, role: Role, *, password: str, undertaken: bool = False
) -> Membership:
    """Add a member of the staff with a password at once: those of a demo.

    `undertaken` says that confidentiality was promised; without it no data opens.
    """
    actor.needs("staff.manage")
    user = _user(actor, name, email)
    user.set_password(password)
    user.save(update_fields=["password"])
    membership, _ = Membership.objects.update_or_create(
        user=user,
        defaults={"role": role, "undertaking_at": clock.now() if undertaken else None},
    )
    return membership


def _user(actor: Actor, name: str, email: str) -> User:
    given = [Given("name", "user.name", name), Given("email", EMAIL, email)]
    place = OPERATOR if OPERATOR in current().rules.touchpoints else REGISTER
    with collect(actor=actor, touchpoint=place, data=[item.category for item in given]) as open_:
        owner = records.find(EMAIL, email)
        user = user_of(owner) if owner else None
        return user or _new_user(open_, owner or open_.person(given[1:]), given)


def _new_user(collecting: Collecting, person: Person, given: list[Given]) -> User:
    collecting.hold(person, given)
    found = Element.objects.filter(person__root_id=person.root_id, category=EMAIL, identifies=True)
    user = User(person=person, address=found.order_by("-collected_at").first())
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def token(user: User) -> str:
    return links.sign(LINK, user.pk.hex)


def link(user: User) -> str:
    """Where the invited choose a password."""
    return links.absolute(reverse("accounts:invitation", kwargs={"token": token(user)}))


def read(text: str) -> User:
    """Whom a token invites. Raises `LinkInvalid`, also once a password was set."""
    user = User.objects.filter(pk=UUID(links.read(text, LINK, COUNTS))).first()
    if user is None or user.has_usable_password() or not user.is_active:
        raise links.LinkInvalid
    return user


@action
def accept(user: User, password: str) -> None:
    """Set the password of who was invited; opening the link has confirmed the address."""
    user.set_password(password)
    user.save(update_fields=["password"])
    if user.address is not None:
        Element.objects.filter(pk=user.address.pk).update(verified_at=clock.now())
    note(acts.PASSWORD_SET, user.person, actor=as_person(user.person))
