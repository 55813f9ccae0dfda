"""Breaks the software in the ways that clauses/mutations describes, and looks which proofs notice.

`make prove-mutations`, or `python -m bench.mutations NAME…` for some, or `--file gate` for those of
one capability. What came of each is written to clauses/mutations/latest.json, with the digest of
the source it was tried on. Exit status 1 when a mutation turned no clause red.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from support.installations import create
from troth.core.assess.source import digest

ROOT: Final = Path(__file__).resolve().parents[1]
MUTATIONS: Final = ROOT / "clauses" / "mutations"
LATEST: Final = MUTATIONS / "latest.json"
LONGEST: Final = 600  # seconds for the proofs of one mutation
ALONGSIDE: Final = 2


@dataclass(frozen=True)
class Mutation:
    """One way to break the software."""

    name: str
    says: str
    file: str
    old: str
    new: str
    red: tuple[str, ...]
    capability: str
    anew: bool = False
    """Whether it breaks what `troth init` does: each installation has to be made with it."""

    def apply(self, folder: Path) -> None:
        """Break the copy of the source in `folder`."""
        path = folder / self.file
        text = path.read_text("utf-8")
        assert text.count(self.old) == 1, f"{self.name}: not once in {self.file}"
        path.write_text(text.replace(self.old, self.new), "utf-8")


def mutations() -> Iterator[Mutation]:
    """All that are described."""
    for path in sorted(MUTATIONS.glob("*.toml")):
        for row in tomllib.loads(path.read_text("utf-8"))["mutation"]:
            yield Mutation(**row | {"red": tuple(row["red"])}, capability=path.stem)


def prove(mutation: Mutation, made: Path) -> dict[str, Any]:
    """Run the proofs of the clauses against the broken copy; returns what each of them showed."""
    with tempfile.TemporaryDirectory(prefix="troth-broken-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("policies", "clauses", "locks"):
            (folder / part).symlink_to(ROOT / part)
        mutation.apply(folder)
        shown = folder / "proofs.json"
        said = _run(mutation, folder, shown, made)
        rows = json.loads(shown.read_text("utf-8"))["proofs"] if shown.exists() else []
    wanted = set(mutation.red)
    broken = {one for row in rows if row["outcome"] == "failed" for one in row["clauses"]} & wanted
    looked = {one for row in rows for one in row["clauses"]} & wanted
    return {
        "name": mutation.name,
        "capability": mutation.capability,
        "says": mutation.says,
        "red": sorted(broken),
        "green": sorted(looked - broken),
        "without proof": sorted(wanted - looked),
        "said": "" if broken else said[-2000:],
        "source": digest(),
    }


def _run(mutation: Mutation, folder: Path, shown: Path, made: Path) -> str:
    """Run the proofs against the copy in `folder`. Returns what was printed."""
    try:
        return subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"),
                *("-p", "no:randomly", "--clauses", ",".join(mutation.red)),
                *("--proofs", str(shown), "tests/proofs"),
            ],
            cwd=ROOT,
            env=os.environ
            | {"PYTHONPATH": str(folder / "src")}
            | ({} if mutation.anew else {"MADE_IN_TESTS": str(made)}),
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired:
        return f"The proofs had not ended after {LONGEST} s."


def companies(chosen: list[Mutation]) -> list[str]:
    """Those under whose policies the proofs run."""
    return sorted({clause.rpartition("-")[0] for one in chosen for clause in one.red})


def _make(folder: Path, company: str) -> None:
    home = folder / f"made-{company}"
    home.mkdir(mode=0o700)
    create(home, company=company)
    (home / "made").touch(mode=0o600)


def _keep(row: dict[str, Any]) -> None:
    """Write what came of one beside what came of the others, and forget those that are gone."""
    before = json.loads(LATEST.read_text("utf-8")) if LATEST.exists() else []
    found = {one["name"]: one for one in before} | {row["name"]: row}
    kept = [
        {key: value for key, value in found[one.name].items() if key != "said"}
        for one in mutations()
        if one.name in found
    ]
    LATEST.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("names", nargs="*")
    reading.add_argument("--file", action="append", default=[])
    asked = reading.parse_args()
    chosen = [
        one
        for one in mutations()
        if not (asked.names or asked.file)
        or one.name in asked.names
        or one.capability in asked.file
    ]
    rows = []
    with (
        tempfile.TemporaryDirectory(prefix="troth-made-") as made,
        ThreadPoolExecutor(ALONGSIDE) as pool,
    ):
        list(pool.map(partial(_make, Path(made)), companies(chosen)))
        for row in pool.map(partial(prove, made=Path(made)), chosen):
            rows.append(row)
            _keep(row)
            what = f"red: {', '.join(row['red'])}" if row["red"] else "NONE TURNED RED"
            print(f"{row['capability']}: {row['name']}: {what}", flush=True)
            for key in ("green", "without proof"):
                if row[key]:
                    print(f"    {key}: {', '.join(row[key])}")
            if row["said"]:
                print(row["said"])
    found = [row["name"] for row in rows if not row["red"]]
    print(f"{len(rows) - len(found)} of {len(rows)} mutations were noticed.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
