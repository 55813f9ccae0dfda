"""Golden files: what went in stands beside what came out.

`UPDATE_GOLDEN=1 pytest tests/policy` writes what comes out now; look at the difference before
committing it.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from troth.policy import Policy, read

GOLDEN = Path(__file__).parents[1] / "golden"
TODAY = date(2026, 6, 1)
"""The day on which golden policies are read, so that expiry dates do not change the outcome."""


def golden(path: Path, actual: str) -> None:
    """Compare with a golden file, or write it if asked to."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(actual, encoding="utf-8")
    assert path.exists(), f"{path.name} is missing: run with UPDATE_GOLDEN=1 and look at it"
    assert actual == path.read_text(encoding="utf-8")


def sound(path: Path) -> Policy:
    """The policy of a file that has no errors."""
    reading = read(path.read_bytes(), path.name, TODAY)
    assert reading.policy is not None, [problem.message for problem in reading.errors]
    return reading.policy


def clean(name: str) -> Policy:
    """One of the golden policies without errors."""
    return sound(GOLDEN / "check" / f"{name}.toml")
