"""Somebody is erased; then a backup is restored that was made before.

The backup and the erasure are the demo's own; it is restored into a folder beside it, by the same
commands an operator gives, and that folder is thrown away.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db import connection

from troth.channels.forms import actions as forms
from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Invalid, Refusal
from troth.core.ledger.api import sequence
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.rights import acts, api as rights
from troth.hub.backup.making import make
from troth.hub.demo.answers import answers
from troth.hub.demo.cast import cast
from troth.hub.demo.holding import tasks
from troth.hub.demo.holding.following import Progress
from troth.hub.demo.holding.looking import digest
from troth.hub.demo.holding.outcome import ACTOR, Outcome, Step, called, newest

PLACE: Final = "forms.contact"
STEPS: Final = 6
PATIENCE: Final = 120  # seconds for one command
LOOK: Final = ("-m", "troth.hub.demo.holding.looking")


def attempt() -> Outcome | Progress:
    """Have the worker do it, unless it is doing so already."""
    if connection.vendor != "sqlite":
        return Outcome(
            held=True,
            verdict="Not tried: there is only one database here.",
            why="A backup of PostgreSQL is restored into another PostgreSQL database, and the demo "
            "was given none to spare. docs/backup.md says how to do it by hand.",
        )
    found = Progress.read()
    if found is None or found.outcome is not None:
        found = Progress(_now(), "Waiting for the worker", STEPS)
        found.write()
        tasks.restore.enqueue(str(current_organisation_id()))
    return found


def carry_out() -> None:
    """All of it, step by step. What goes wrong is told on the page."""
    run = _Run()
    try:
        with tempfile.TemporaryDirectory(prefix="see-it-hold-") as folder:
            outcome = _tried(run, Path(folder))
    except Refusal as refusal:
        run.over(Outcome(False, refusal.what, f"{refusal.why} {refusal.do}", steps=run.steps))
        return
    except BaseException:
        run.over(Outcome(False, "The try broke off; the log of the demo says more."))
        raise
    run.over(outcome)


@dataclass
class _Run:
    """Tells the page how far it is."""

    told: Progress = field(default_factory=lambda: Progress(_now(), "", STEPS))

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.told.steps

    def doing(self, words: str) -> None:
        self.told = replace(self.told, at=_now(), doing=words)
        self.told.write()

    def did(self, step: Step) -> None:
        self.told = replace(self.told, at=_now(), steps=(*self.told.steps, step))
        self.told.write()

    def over(self, outcome: Outcome) -> None:
        replace(self.told, at=_now(), outcome=outcome).write()


@dataclass(frozen=True)
class _Somebody:
    """A person made for the try, and the digest of what they typed."""

    person: Person
    typed: str
    count: int


@dataclass(frozen=True)
class _Restored:
    """What the command said, and what was found of each person afterwards."""

    said: str
    found: dict[str, dict[str, Any]]

    def is_whole(self, somebody: _Somebody) -> bool:
        return bool(self.found[somebody.person.ref]["digest"] == somebody.typed)


def _tried(run: _Run, folder: Path) -> Outcome:
    run.doing("Two people send the contact form")
    gone, kept = _two_people()
    run.did(_came(gone, kept))
    run.doing("Making a backup")
    backup = folder / "before.troth"
    made = make(backup)
    run.did(
        Step(
            "You made a backup",
            "download",
            f"Of everything: {made.rows:,} rows in {made.size / 1e6:,.1f} million bytes, sealed. "
            "Both people are in it.",
            "$ troth backup before.troth",
        )
    )
    run.doing("Erasing one of them")
    clause = _erase(gone.person)
    run.did(_erased(gone.person, clause))
    run.doing("Restoring the backup into an empty folder, and looking for both")
    log = str(settings.HOME.erasure_log)
    first = _restored(backup, folder / "one", (gone, kept), "--erasures", log)
    run.did(
        Step("You restored the backup", "undo", "As an operator does after a fire.", first.said)
    )
    run.did(_compared(gone, kept, first))
    run.doing("Restoring it once more, without the log of erasures")
    second = _restored(backup, folder / "two", (gone,), "--without-erasures")
    back = second.is_whole(gone)
    run.did(_without(gone, second.said, back=back))
    held = first.found[gone.person.ref]["held"] == 0 and first.is_whole(kept) and back
    return Outcome.under(
        clause,
        held=held,
        verdict="They did not come back.",
        why="A restore does every erasure again that came after the backup.",
        steps=list(run.steps),
    )


def _two_people() -> tuple[_Somebody, _Somebody]:
    company = current().policy.company
    chance = secrets.token_hex(8)
    made = []
    for human in cast(company.country or "US", 2, seed=chance):
        touchpoint = current().rules.touchpoints[PLACE]
        given: list[Given] = answers(touchpoint, human, Random(chance))  # noqa: S311 - no secret
        sent = forms.submit(
            actor=Actor.visitor(), touchpoint=PLACE, given=given, choices={}, once=chance
        )
        values = [item.text for item in given]
        made.append(_Somebody(sent.person, digest(values), len(values)))
    sequence()
    return made[0], made[1]


def _erase(person: Person) -> str:
    """As they would ask for it on the site. Returns the clause that grants it."""
    actor = Actor("person", person.ref, person_id=person.pk)
    request = rights.ask("deletion", actor=actor, way="account", person=person)
    rights.approve(request, actor=ACTOR)
    rights.fulfil(request, actor=ACTOR)
    if Element.objects.filter(person__root_id=person.root_id).exists():
        raise Invalid("The erasure is not done yet.", do="Try again in a moment.")
    granted = (right for right in current().policy.rights if right.kind == "deletion")
    return next((right.clause for right in granted), "")


def _restored(backup: Path, home: Path, people: tuple[_Somebody, ...], *options: str) -> _Restored:
    """`troth restore` into an empty folder, and a look at who is there then."""
    refs = ",".join(one.person.ref for one in people)
    said = _run(home, *LOOK, refs, "restore", str(backup), *options).splitlines()
    named = [Path(option).name if "/" in option else option for option in options]
    told = "\n".join([f"$ troth restore before.troth {' '.join(named)}", *said[:2]])
    return _Restored(told, json.loads(said[-1]))


def _run(home: Path, *arguments: str) -> str:
    """A process on that home, with this one's master key and nothing else of its settings."""
    ours = ("TROTH_", "DATABASE_URL", "KEYRING_URL")
    environment = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    environment["TROTH_HOME"] = str(home)
    environment["TROTH_MASTER_KEY_FILE"] = str(settings.HOME.master_key_file)
    if key := os.environ.get("TROTH_MASTER_KEY"):
        environment["TROTH_MASTER_KEY"] = key
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        what, _, rest = done.stderr.strip().partition("\n")
        raise Invalid(what or "A command of the try failed.", why=rest)
    return done.stdout


def _came(gone: _Somebody, kept: _Somebody) -> Step:
    return Step(
        "Two came",
        "people",
        f"Made up for this: {called(gone.person)} and {called(kept.person)} sent the contact form.",
        entry=newest("forms.submitted", gone.person),
    )


def _erased(person: Person, clause: str) -> Step:
    return Step(
        "One asked to be erased",
        "erase",
        f"The request of {called(person)} was carried out: their values are gone, and so is the "
        "key that opened them.",
        clause=clause,
        entry=newest(acts.ERASED, person),
    )


def _compared(gone: _Somebody, kept: _Somebody, restored: _Restored) -> Step:
    erased, other = (restored.found[one.person.ref] for one in (gone, kept))
    same = "each as it was typed" if restored.is_whole(kept) else "not as they were typed"
    return Step(
        "You looked for them",
        "search",
        f"Of {called(gone.person)}: {_values(erased['held'])}. "
        f"Of {called(kept.person)}: {_values(other['open'])}, {same}.",
    )


def _without(gone: _Somebody, said: str, *, back: bool) -> Step:
    text = (
        f"The backup does hold {called(gone.person)}: without the log of erasures, which is kept "
        f"apart from it, all {gone.count} values would be back. So a restore without it has to be "
        "asked for by name."
        if back
        else f"Without the log, {called(gone.person)} was not in the backup either."
    )
    return Step("What the log is for", "info", text, said)


def _values(count: int) -> str:
    return {0: "nothing", 1: "one value"}.get(count, f"{count} values")


def _now() -> str:
    return clock.now().isoformat()
