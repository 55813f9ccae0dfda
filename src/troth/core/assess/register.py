"""The clause register, what its proofs showed, and what still waits.

`clauses/register.toml` restates what the companies promise; `clauses/waiting/*.toml` says which
promises wait for a part that is not built or is too weak; `test-results/proofs.json` is written by
`make proofs` and by a whole run of the tests.
"""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from troth.core.assess.source import ROOT, digest
from troth.core.errors import Invalid, Missing

REGISTER: Final = ROOT / "clauses" / "register.toml"
WAITING: Final = ROOT / "clauses" / "waiting"
RESULTS: Final = ROOT / "test-results" / "proofs.json"

State = Literal["proven", "failing", "pending", "not run"]
"""`not run`: nothing shows the proofs of this clause to have run on this very source."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise of one company, restated."""

    id: str
    where: str
    kind: str
    capability: str
    says: str
    proof: str
    tension: str

    @property
    def company(self) -> str:
        """The key of the company whose promise it is."""
        return self.id.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a clause is pending, and the part it waits for."""

    part: str
    why: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What one proof showed."""

    test: str
    passed: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Record:
    """What a run of the proofs showed: when (ISO 8601), of which source, and of each clause."""

    made: str
    source: str
    proofs: Mapping[str, tuple[Proof, ...]]

    @property
    def current(self) -> bool:
        """Whether it is of the source as it is now."""
        return self.source == digest()


@dataclass(frozen=True, slots=True)
class Standing:
    """A clause, and how it stands."""

    clause: Clause
    state: State
    proofs: tuple[Proof, ...]
    waiting: Waiting | None


def clauses() -> list[Clause]:
    """The register, in its order. Raises `Missing` where the project is without its checkout."""
    if not REGISTER.exists():
        raise Missing(
            "The clause register is not here.",
            why="It is part of the project's checkout, with the proofs, and not of the package.",
            do="Run this from a checkout, or name a record of the proofs.",
        )
    rows = tomllib.loads(REGISTER.read_text("utf-8"))["clause"]
    return [Clause(**{"tension": "", **row}) for row in rows]


def waiting() -> dict[str, Waiting]:
    """What waits, by clause."""
    return {
        clause: Waiting(row["part"], row["why"])
        for path in sorted(WAITING.glob("*.toml"))
        for row in tomllib.loads(path.read_text("utf-8"))["waiting"]
        for clause in row["clauses"]
    }


def record(path: Path = RESULTS) -> Record | None:
    """What the last run of the proofs showed; None where there was none. Raises `Invalid`."""
    if not path.exists():
        return None
    try:
        read = json.loads(path.read_text("utf-8"))
        return Record(read["made"], read["source"], _by_clause(read["proofs"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(
            f"{path.name} is no record of proofs.",
            why=f"Reading it ended with {type(error).__name__}.",
            do="Run `make proofs` to write it anew.",
        ) from None


def _by_clause(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Proof, ...]]:
    found: dict[str, list[Proof]] = defaultdict(list)
    for row in rows:
        proof = Proof(row["test"], row["outcome"] == "passed", row["seconds"])
        for clause in row["clauses"]:
            found[clause].append(proof)
    return {clause: tuple(proofs) for clause, proofs in found.items()}


def standings(shown: Record | None) -> list[Standing]:
    """How each clause stands, by a record of the proofs."""
    waits = waiting()
    proofs = shown.proofs if shown else {}
    current = shown is not None and shown.current
    return [
        Standing(
            clause,
            _state(proofs.get(clause.id, ()), clause.id in waits, current),
            proofs.get(clause.id, ()),
            waits.get(clause.id),
        )
        for clause in clauses()
    ]


def _state(proofs: tuple[Proof, ...], waits: bool, current: bool) -> State:
    if waits:
        return "pending"
    if any(not proof.passed for proof in proofs):
        return "failing"
    return "proven" if proofs and current else "not run"
