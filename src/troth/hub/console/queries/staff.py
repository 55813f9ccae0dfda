"""Roles and who has them. Names stay sealed until a purpose is picked that may use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.core.notices.versions import PolicyMissing, current
from troth.core.people.models import Element, Person
from troth.core.staff.models import Membership, Role
from troth.policy.blocks import Purpose

NAMED_BY = ("user.name", "user.contact.email")


class MemberMissing(Missing):
    """There is no such member of the staff here."""


class RoleMissing(Missing):
    """There is no such role here."""


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role in words; a purpose the policy no longer declares is `stale`."""

    role: Role
    purposes: list[Purpose]
    stale: list[str]
    abilities: list[str]
    members: int


@dataclass(frozen=True, slots=True)
class MemberView:
    """One of the staff. `name` is None while it is sealed."""

    ref: str
    role: str
    undertaking_at: datetime | None
    me: bool
    name: str | None = None


def declared() -> dict[str, Purpose]:
    """The purposes of the policy in force."""
    try:
        return current().rules.purposes
    except PolicyMissing:
        return {}


def roles() -> list[RoleView]:
    """All roles, each with its purposes and abilities in words."""
    known = declared()
    return [_role(role, known) for role in Role.objects.prefetch_related("members")]


def unassigned() -> list[Purpose]:
    """The purposes in force that no role opens: what only software uses, or what a new version
    brought and nobody was given yet. The prohibited are not among them.
    """
    given = {key for keys in Role.objects.values_list("purposes", flat=True) for key in keys}
    found = declared().items()
    return [one for key, one in found if key not in given and one.basis != "prohibited"]


def _role(role: Role, known: dict[str, Purpose]) -> RoleView:
    return RoleView(
        role,
        [known[key] for key in known if key in role.purposes],
        sorted(set(role.purposes) - known.keys()),
        [one.label for one in Role.Ability if one.value in role.abilities],
        len(role.members.all()),
    )


def role(pk: UUID) -> Role:
    """A role of this organisation. Raises `RoleMissing`."""
    found: Role | None = Role.objects.filter(pk=pk).first()
    if found is None:
        raise RoleMissing("There is no such role.", do="Look at the list of roles.")
    return found


def member(ref: str) -> Membership:
    """A member of this organisation's staff. Raises `MemberMissing`."""
    members = Membership.objects.select_related("role", "user__person")
    found: Membership | None = members.filter(ref=ref).first()
    if found is None:
        raise MemberMissing(
            "There is no such member of the staff.",
            why="They were removed, or the address is not complete.",
            do="Look at the list of the staff.",
        )
    return found


def members(*, me: str, actor: Actor, purpose: Purpose | None) -> list[MemberView]:
    """The staff; their names where the purpose may use them, opened as one bulk use."""
    found = list(Membership.objects.select_related("role", "user__person"))
    humans = {one.ref: one.user.person.root_id for one in found}
    names = _names(set(humans.values()), actor, purpose) if purpose else {}
    rows = [
        MemberView(
            one.ref, one.role.name, one.undertaking_at, one.ref == me, names.get(humans[one.ref])
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: (not row.me, row.role, row.ref))


def _names(humans: set[UUID], actor: Actor, purpose: Purpose) -> dict[UUID, str]:
    rules = current().rules
    names: dict[UUID, str] = {}
    for category in NAMED_BY:
        if not rules.find("use", purpose.key, category).allowed:
            continue
        records = Person.objects.filter(root_id__in=humans - names.keys())
        use = uses.use_audience(
            actor=actor,
            purpose=purpose.key,
            data=[category],
            among=records.values_list("pk", flat=True),
        )
        with use as opening:
            held = Element.objects.filter(category=category, person_id__in=opening.whom)
            for element in held.select_related("person").order_by("collected_at"):
                if isinstance(element.value, str):  # else it was given for something else
                    names[element.person.root_id] = element.value
    return names
