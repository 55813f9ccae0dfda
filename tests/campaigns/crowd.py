"""Many people at once, each with a sealed address and name; and sending processes to kill."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import transaction

from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.gate.models import Permit
from troth.core.ids import row_id
from troth.core.inserting import insert
from troth.core.keyring.store import make_person_keys
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element, Person

TOUCHPOINT, VERSION, CLAUSE = "forms.contact", "1", "2.1"


def crowd(count: int, *, purposes: Sequence[str] = ("news",), **place: str) -> list[UUID]:
    """`count` people with a sealed address and name and permits for `purposes`, in bulk: past the
    form, which would take most of a test's time. `place` tells of another policy than the tests'.
    """
    found: list[UUID] = []
    while len(found) < count:
        found += _some(len(found), min(BATCH, count - len(found)), purposes, place)
    return found


def _some(start: int, count: int, purposes: Sequence[str], place: Mapping[str, str]) -> list[UUID]:
    origin = {"touchpoint": TOUCHPOINT, "version": VERSION, "clause": CLAUSE, **place}
    people = [row_id() for _ in range(count)]
    organisation, now = current_organisation_id(), clock.now()
    data = ["user.contact.email", "user.name"]
    with (
        transaction.atomic(),
        collect(actor=Actor.visitor(), touchpoint=origin["touchpoint"], data=data) as point,
    ):
        make_person_keys(people, organisation, point.opening)
        insert([
            Person(
                id=person, organisation_id=organisation, root_id=person, state="identified",
                created_at=now, last_contact_at=now,
            )
            for person in people
        ])  # fmt: skip
        insert([
            Element(
                organisation_id=organisation, person_id=person, name=name, category=category,
                value=value.format(start + number), identifies=name == "email",
                collected_at=now, **origin,
            )
            for number, person in enumerate(people)
            for name, category, value in HELD
        ])  # fmt: skip
        insert([
            Permit(
                organisation_id=organisation, person_id=person, purpose=purpose, category=category,
                state="open", opens_at=now, usable_from=now, **origin,
            )
            for person in people
            for purpose in purposes
            for category in data
        ])  # fmt: skip
    return people


HELD = (
    ("email", "user.contact.email", "p{}@people.example"),
    ("name", "user.name", "Person {}"),
)
BATCH = 2_000


@dataclass
class Senders:
    """Sending processes on the databases of a test, which can be killed at any moment."""

    home: Path
    urls: tuple[str, str]
    port: int
    arrived: Callable[[], int]
    chance: random.Random
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0

    def start(self) -> None:
        environment = os.environ | {
            "TROTH_HOME": str(self.home),
            "DATABASE_URL": self.urls[0],
            "KEYRING_URL": self.urls[1],
            "TROTH_SECRET_KEY": "only-for-this-test",
            "TROTH_SMTP_PORT": str(self.port),
        }
        command = [sys.executable, "-m", "troth.channels.campaigns.cli", "send", "--once"]
        self.running.append(subprocess.Popen(command, env=environment))

    def kill_in_the_middle(self, within: int, patience: float = 60) -> bool:
        """Kill one after a random number of further messages and a moment more. Returns False
        when they ended before.
        """
        until = self.arrived() + self.chance.randint(1, within)
        deadline = time.monotonic() + patience
        while self.arrived() < until:
            if all(one.poll() is not None for one in self.running):
                return False
            assert time.monotonic() < deadline, "nothing is sent any more"
            time.sleep(0.001)
        time.sleep(self.chance.random() / 200)  # anywhere between two messages, not after one
        living = [one for one in self.running if one.poll() is None]
        if not living:
            return False
        victim = self.chance.choice(living)
        victim.kill()
        victim.wait()
        self.running.remove(victim)
        self.killed += 1
        return True

    def finish(self, patience: float = 120) -> None:
        for one in self.running:
            one.wait(patience)
        self.running.clear()
