"""Many people at once, each with a sealed address and name; and sending processes to kill."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from campaigns.sink import Sink
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.people.models import Person
from troth.core.people.records import Given


def crowd(count: int, *, start: int = 0) -> list[Person]:
    """`count` people who sent a form, in one transaction."""
    data = ["user.contact.email", "user.name"]
    found = []
    with (
        transaction.atomic(),
        transaction.atomic(using="keyring"),
        collect(actor=Actor.visitor(), touchpoint="forms.contact", data=data) as point,
    ):
        for number in range(start, start + count):
            given = [
                Given("email", "user.contact.email", f"p{number}@people.example"),
                Given("name", "user.name", f"Person {number}"),
            ]
            person = point.person(given)
            point.hold(person, given)
            found.append(person)
    return found


@dataclass
class Senders:
    """Sending processes on the databases of a test, which can be killed at any moment."""

    home: Path
    urls: tuple[str, str]
    sink: Sink
    chance: random.Random
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0

    def start(self) -> None:
        environment = os.environ | {
            "TROTH_HOME": str(self.home),
            "DATABASE_URL": self.urls[0],
            "KEYRING_URL": self.urls[1],
            "TROTH_SECRET_KEY": "only-for-this-test",
            "TROTH_SMTP_PORT": str(self.sink.port),
        }
        command = [sys.executable, "-m", "troth.channels.campaigns.cli", "send", "--once"]
        self.running.append(subprocess.Popen(command, env=environment))

    def kill_in_the_middle(self, within: int, patience: float = 60) -> bool:
        """Kill one after a random number of further messages and a moment more. Returns False
        when they ended before.
        """
        until = len(self.sink.taken) + self.chance.randint(1, within)
        deadline = time.monotonic() + patience
        while len(self.sink.taken) < until:
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
