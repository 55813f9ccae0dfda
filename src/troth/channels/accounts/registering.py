"""Opening an account: registering, and confirming the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.hashers import check_password
from django.db import IntegrityError

from troth.channels.accounts import acts
from troth.channels.accounts.entries import as_person, note
from troth.channels.accounts.finding import user_of
from troth.channels.accounts.grounds import (
    EMAIL,
    PASSWORD,
    REGISTER,
    USERNAME,
    account_purpose,
)  # fmt: skip
from troth.channels.accounts.models import Correction, Registration, User
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.errors import Invalid
from troth.core.gate import telling
from troth.core.gate.collecting import Collecting, collect
from troth.core.gate.models import Permit
from troth.core.ids import row_id
from troth.core.keyring.opening import require
from troth.core.people import records
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.retention.api import stand
from troth.core.sealing.blind import blind_index
from troth.kit.outbox.api import send

WAITS: Final = timedelta(days=3)

Choices = Mapping[str, tuple[bool, str]]


class NameTakenInvalid(Invalid):
    """Somebody has this user name."""


class ConfirmationInvalid(Invalid):
    """The registration cannot be confirmed this way."""


def register(given: Sequence[Given], *, password: str, choices: Choices, actor: Actor) -> None:
    """Hold what was given and ask for a confirmation by mail; `password` is its hash.

    Where the address has an account, nothing is held, and the mail says so: whoever registers
    cannot tell the two apart. Raises `NameTakenInvalid`.
    """
    try:
        _register(given, password=password, choices=choices, actor=actor)
    except IntegrityError:  # two at once for one new address: the second finds what the first made
        _register(given, password=password, choices=choices, actor=actor)


@action
def _register(given: Sequence[Given], *, password: str, choices: Choices, actor: Actor) -> None:
    drop_unconfirmed()
    address = next(item for item in given if item.category == EMAIL)
    with collect(actor=actor, touchpoint=REGISTER, data=[g.category for g in given]) as collecting:
        owner = records.find(EMAIL, address.text)
        _check_name(given, owner)
        user = user_of(owner) if owner else None
        if user is not None:
            send(
                user.person,
                kind="accounts.exists",
                purpose=account_purpose(),
                actor=actor,
                record=user.pk,
                to=_element(user.person, address),
            )
            return
        _hold(collecting, owner or collecting.person([address]), given, password, choices, actor)


def _hold(
    collecting: Collecting,
    person: Person,
    given: Sequence[Given],
    password: str,
    choices: Choices,
    actor: Actor,
) -> None:
    registration = row_id()
    collecting.hold(person, given, record=registration)
    address = next(item for item in given if item.category == EMAIL)
    Registration.objects.create(
        id=registration,
        person=person,
        address=_element(person, address),
        password=password,
        choices=[[purpose, yes, wording] for purpose, (yes, wording) in choices.items()],
        created_at=clock.now(),
    )
    categories = [item.category for item in given]
    note(
        acts.REGISTERED,
        person,
        actor=actor,
        clause=collecting.touchpoint.clause,
        data=[*categories, PASSWORD],
    )
    send(
        person,
        kind="accounts.confirm",
        purpose=account_purpose(),
        actor=actor,
        record=registration,
        to=_element(person, address),
    )


def _check_name(given: Sequence[Given], owner: Person | None) -> None:
    for item in given:
        if item.category == USERNAME:
            other = records.find(USERNAME, item.text)
            if other is not None and (owner is None or other.root_id != owner.root_id):
                raise NameTakenInvalid(
                    "Somebody has this user name already.", do="Choose another one."
                )


def _element(person: Person, address: Given) -> Element:
    """The element of this address, which identifies the person. Needs the open touchpoint."""
    index = blind_index(require(EMAIL), EMAIL, address.text)
    return Element.objects.get(
        person__root_id=person.root_id, category=EMAIL, index=index, identifies=True
    )


@action
def confirm(registration: Registration, *, password: str) -> User:
    """Open the account that `registration` asked for. Raises `ConfirmationInvalid`.

    The password proves that who opened the mail is who registered: otherwise somebody could
    register another's address and have them confirm a password they do not know.
    """
    if not check_password(password, registration.password):
        raise ConfirmationInvalid(
            "This is not the password that was chosen with this registration.",
            do="Try again, or register anew if you do not know it.",
        )
    person = registration.person
    if Person.objects.filter(root_id=person.root_id, users__isnull=False).exists():
        raise ConfirmationInvalid("This address has an account already.", do="Log in.")
    user = User.objects.create(
        person=person, address=registration.address, password=registration.password
    )
    Element.objects.filter(pk=registration.address_id).update(verified_at=clock.now())
    actor = as_person(person)
    for purpose, yes, wording in registration.choices:
        choose(person, actor=actor, purpose=purpose, yes=yes, way=REGISTER, wording=wording)
    _accept(person, registration, actor)
    names = Element.objects.filter(record=registration.pk).values_list("name", flat=True)
    correction = Correction.objects.create(
        user=user,
        elements=sorted({*names, "password"}),
        at=clock.now(),
        choices=[[purpose, yes] for purpose, yes, _ in registration.choices],
    )
    registration.delete()
    for other in Registration.objects.filter(person__root_id=person.root_id):
        discard(other)
    note(acts.CONFIRMED, person, actor=actor)
    stand(person, standing=Person.Standing.CURRENT, actor=actor, cause="registered")
    send(
        person,
        kind="accounts.created",
        purpose=account_purpose(),
        actor=actor,
        record=correction.pk,
        to=user.address,
    )
    return user


def _accept(person: Person, registration: Registration, actor: Actor) -> None:
    """The version the form was shown under is known to them, and accepted by signing up."""
    version = registration.address.version
    told = telling.tell(person.root, actor=actor, version=version, way=REGISTER)
    telling.answer(told, actor=actor, accepted=True)


def discard(registration: Registration) -> None:
    """Take back what a registration brought that nobody confirmed."""
    person = registration.person
    came_with = Element.objects.filter(record=registration.pk)
    registration.delete()
    in_use: list[Any] = [
        *Registration.objects.filter(person__root_id=person.root_id).values_list("address"),
        *User.objects.filter(person__root_id=person.root_id).values_list("address"),
    ]
    came_with.exclude(pk__in=[pk for (pk,) in in_use if pk]).delete()
    held = set(Element.objects.filter(person=person).values_list("category", flat=True))
    Permit.objects.filter(person=person).exclude(category__in=held).delete()


def drop_unconfirmed() -> int:
    """Discard the registrations nobody confirmed in time. Returns how many."""
    late = list(Registration.objects.filter(created_at__lt=clock.now() - WAITS)[:50])
    for registration in late:
        discard(registration)
    return len(late)
