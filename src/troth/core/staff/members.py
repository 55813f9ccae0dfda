"""From a logged-in user to an `Actor` the gate can judge."""

from __future__ import annotations

from typing import Any

from troth.core.actors import Actor
from troth.core.staff.models import Membership, Role


def membership_of(user: Any) -> Membership | None:
    """The user's membership in the organisation in scope, if any."""
    if not user.is_authenticated:
        return None
    return Membership.objects.filter(user=user).select_related("role").first()


def staff_actor(member: Membership) -> Actor:
    """The member as an actor. Before the undertaking is accepted no purpose is open to them."""
    accepted = member.undertaking_at is not None
    return Actor(
        "staff",
        member.ref,
        purposes=frozenset(member.role.purposes if accepted else ()),
        abilities=frozenset(member.role.abilities if accepted else ()),
    )


def make_standard_roles(purposes: dict[str, str]) -> dict[str, Role]:
    """Owner, agent, marketing and auditor roles for a new organisation.

    `purposes` maps each purpose of the policy to its data use.
    """
    service = [key for key, use in purposes.items() if not use.startswith(("marketing", "third_"))]
    marketing = [key for key, use in purposes.items() if use.startswith("marketing")]
    ability = Role.Ability
    wanted: dict[str, tuple[list[str], list[Role.Ability]]] = {
        "Owner": (list(purposes), list(ability)),
        "Agent": (
            service,
            [
                *(ability.INBOX_READ, ability.PEOPLE_SEARCH, ability.SURVEYS_WRITE),
                ability.COMMUNITY_RUN,
                ability.REMOTE_HELP,
            ],
        ),
        "Marketing": (
            marketing,
            [ability.CAMPAIGNS_WRITE, ability.CAMPAIGNS_SEND, ability.COMMUNITY_WRITE],
        ),
        "Auditor": ([], [ability.LEDGER_READ]),
    }
    return {
        name: Role.objects.update_or_create(
            name=name, defaults={"purposes": keys, "abilities": [str(a) for a in abilities]}
        )[0]
        for name, (keys, abilities) in wanted.items()
    }
