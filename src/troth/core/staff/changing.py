"""Changing who is on the staff and what their roles allow. Each change is on the ledger."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import ProtectedError

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.staff import acts
from troth.core.staff.models import Membership, Role


class LastOwnerDenied(Denied):
    """Somebody has to be able to change roles, or the organisation locks itself out."""


class RoleInvalid(Invalid):
    """A role cannot be like this."""


@action
def accept_undertaking(member: Membership, *, actor: Actor) -> None:
    """The member promises confidentiality; from now on their role's purposes are open to them."""
    if actor.kind != "staff" or actor.ref != member.ref:
        raise Denied(
            "Only the member themselves can make this promise.",
            why="A promise made by somebody else binds nobody.",
            do="Have them log in; they are asked at once.",
        )
    if member.undertaking_at is None:
        member.undertaking_at = clock.now()
        member.save(update_fields=["undertaking_at"])
        _record(acts.UNDERTAKING, actor)


@action
def save_role(
    role: Role | None,
    *,
    name: str,
    purposes: Iterable[str],
    abilities: Iterable[str],
    actor: Actor,
) -> Role:
    """Make a role, or change one; it holds for its members at once. Raises `RoleInvalid`,
    `LastOwnerDenied`."""
    actor.needs(Role.Ability.STAFF_MANAGE)
    name = name.strip()
    wanted, able = sorted(set(purposes)), sorted(set(abilities))
    _check(role, name, wanted, able)
    change = "added" if role is None else "changed"
    role = role or Role()
    role.name, role.purposes, role.abilities = name, wanted, able
    role.save()
    _keep_an_owner()
    _record(acts.ROLE_CHANGED, actor, role=role.pk.hex, change=change)
    return role


@action
def remove_role(role: Role, *, actor: Actor) -> None:
    """Remove a role nobody has."""
    actor.needs(Role.Ability.STAFF_MANAGE)
    gone = role.pk.hex
    try:
        role.delete()
    except ProtectedError:
        raise RoleInvalid(
            f"The role “{role.name}” is in use.",
            why="Members of the staff have it.",
            do="Give them another role first.",
        ) from None
    _record(acts.ROLE_CHANGED, actor, role=gone, change="removed")


@action
def give_role(member: Membership, *, role: Role, actor: Actor) -> None:
    """Give a member another role. Raises `LastOwnerDenied`."""
    actor.needs(Role.Ability.STAFF_MANAGE)
    if member.role_id == role.pk:
        return
    member.role = role
    member.save(update_fields=["role"])
    _keep_an_owner()
    _record(acts.MEMBER_CHANGED, actor, member=member.ref, role=role.pk.hex, change="changed")


@action
def remove_member(member: Membership, *, actor: Actor) -> None:
    """Take a member off the staff: every page of the console is closed to them at once."""
    actor.needs(Role.Ability.STAFF_MANAGE)
    gone, role = member.ref, member.role_id.hex
    member.delete()
    _keep_an_owner()
    _record(acts.MEMBER_CHANGED, actor, member=gone, role=role, change="removed")


def _check(role: Role | None, name: str, purposes: list[str], abilities: list[str]) -> None:
    longest = Role._meta.get_field("name").max_length or 0
    if not name or len(name) > longest:
        raise RoleInvalid(f"A role has a name of 1 to {longest} characters.")
    others = Role.objects.filter(name__iexact=name)
    if role is not None:
        others = others.exclude(pk=role.pk)
    if others.exists():
        raise RoleInvalid("There is a role of this name already.", do="Choose another name.")
    declared = current().rules.purposes
    if unknown := set(purposes) - declared.keys() - set(role.purposes if role else ()):
        raise RoleInvalid(
            f"The policy declares no purpose {', '.join(sorted(unknown))}.",
            do="Choose purposes of the policy in force.",
        )
    if set(abilities) - set(Role.Ability.values):
        raise RoleInvalid("There is no such ability.", do="Choose from the list.")


def _keep_an_owner() -> None:
    ability = Role.Ability.STAFF_MANAGE
    roles = Role.objects.filter(members__isnull=False).distinct()
    if not any(ability in role.abilities for role in roles):
        raise LastOwnerDenied(
            "Nobody would be left who can change roles.",
            why="This is the last member of the staff who can, and the organisation would be "
            "locked out of its own settings.",
            do="Give somebody else a role with that ability first.",
        )


def _record(act: str, actor: Actor, **detail: str) -> None:
    record(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        version=current().version,
        detail=detail,
    )
