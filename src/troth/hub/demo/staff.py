"""The staff of a demo, and the passwords a person needs to look around with."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from typing import Final

from troth.channels.accounts.api import register_staff
from troth.core.actors import Actor
from troth.core.organisations.models import Organisation
from troth.core.staff.members import staff_actor
from troth.core.staff.models import Membership, Role
from troth.hub.demo.marks import PASSWORDS
from troth.hub.home import Home

STAFF: Final = (
    ("owner", "Olive Harbour", "Owner"),
    ("agent", "Arun Meadows", "Agent"),
    ("agent2", "Ana Winter", "Agent"),
    ("marketing", "Mo Larkin", "Marketing"),
    ("auditor", "Ada Stone", "Auditor"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """One log-in of the demo: who it is, where and with what."""

    who: str
    address: str
    password: str


def make_staff(home: Home, organisation: Organisation) -> dict[str, Actor]:
    """An owner, two agents, one for marketing and an auditor, with generated passwords."""
    logins, actors = [], {}
    roles = {role.name: role for role in Role.objects.all()}
    for key, name, role in STAFF:
        login = Login(key, f"{key}@{organisation.slug}.example", secrets.token_urlsafe(12))
        member = register_staff(
            Actor.system("demo"),
            name,
            login.address,
            roles[role],
            password=login.password,
            undertaken=True,
        )
        logins.append(login)
        actors[key] = _actor(member)
    remember(home, logins)
    return actors


def _actor(member: Membership) -> Actor:
    return staff_actor(Membership.objects.select_related("role").get(pk=member.pk))


def remember(home: Home, logins: list[Login]) -> None:
    """Add log-ins to the file that later starts show them from; the owner alone can read it."""
    path = home.folder / PASSWORDS
    descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(login) for login in [*remembered(home), *logins]], file, indent=1)
    path.with_suffix(".new").replace(path)


def remembered(home: Home) -> list[Login]:
    """The log-ins of this demo; none before it was made."""
    path = home.folder / PASSWORDS
    return [Login(**row) for row in json.loads(path.read_text("utf-8"))] if path.exists() else []
