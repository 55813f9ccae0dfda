"""What came of a try: who stopped it, by which clause, and what was done, step by step."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from troth.core.actors import Actor
from troth.core.ledger.api import Line, timeline
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person
from troth.hub.console.wording import Wording

ACTOR: Final = Actor.system("demo")
NEWEST: Final = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger as the page shows it; `body` is what was or will be hashed."""

    id: str
    act: str
    at: str
    sentence: str
    body: str
    clause: str = ""
    version: str = ""

    @classmethod
    def of(cls, line: Line) -> Self:
        clause, version = str(line.body["clause"] or ""), str(line.body["version"] or "")
        body = json.dumps(line.body, indent=1, ensure_ascii=False, sort_keys=True)
        words = Wording().sentence(line)
        return cls(str(line.id), line.act, line.at, words, body, clause, version)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, or one answer. `label` says which; `code` is shown as it stands."""

    label: str
    icon: str
    text: str
    code: str = ""
    clause: str = ""
    version: str = ""
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`held` is whether the promise did; `clause` is what stopped the try, of the version in force
    unless `version` names another."""

    held: bool
    verdict: str
    why: str = ""
    clause: str = ""
    says: str = ""
    steps: tuple[Step, ...] = field(default=())

    @classmethod
    def under(cls, clause: str, *, held: bool, verdict: str, why: str, steps: list[Step]) -> Self:
        """With the words of the clause, if there is one. What did not hold is not said to."""
        found = current().policy.clause(clause) if clause else None
        said = found.text if found else ""
        if not held:
            verdict, why = "This did not hold.", "The steps say what was answered."
        return cls(held, verdict, why, clause, said, tuple(steps))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> Self:
        return cls(**found | {"steps": tuple(step_of_json(step) for step in found["steps"])})


def step_of_json(found: dict[str, Any]) -> Step:
    entry = found["entry"]
    return Step(**found | {"entry": Entry(**entry) if entry else None})


def newest(act: str, person: Person) -> Entry | None:
    """The last entry of this act about somebody."""
    lines = timeline(current_organisation_id(), person.ref, limit=NEWEST).lines
    return next((Entry.of(line) for line in lines if line.act == act), None)


def called(person: Person) -> str:
    """How the page speaks of somebody: by the beginning of their opaque reference."""
    return f"person {person.ref[:6]}"


def measure(*wanted: str) -> str:
    """The clause that promises one of these security measures; the first that is there."""
    secures = current().policy.secures
    return next((s.clause for name in wanted for s in secures if name in s.measures), "")
