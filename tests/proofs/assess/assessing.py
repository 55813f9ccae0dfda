"""Running `troth assess` as its owner does, and reading what it wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from support.installations import Installation

INSIDE = ("crawl", "proofs", "audit", "implemented.backup", "implemented.installed")
"""What an assessment leaves out that looks at the tables of a new installation alone."""


@dataclass(frozen=True)
class Run:
    """One assessment as it came out."""

    status: int
    said: str
    file: Path

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.file.read_text("utf-8"))
        return found

    def state(self, key: str) -> str:
        [row] = [row for row in self.document["assessment"]["checks"] if row["key"] == key]
        return str(row["state"])

    def findings(self, key: str, state: str = "failed") -> set[tuple[str, str]]:
        """What a check found: where it is, and in words."""
        return {
            (one.get("where", ""), one["what"])
            for row in self.document["assessment"]["checks"]
            for one in row["findings"]
            if row["key"] == key and one["state"] == state
        }

    def places(self, key: str, state: str = "failed") -> set[str]:
        return {where for where, _ in self.findings(key, state)}


def assess(there: Installation, *arguments: str | Path, without: tuple[str, ...] = INSIDE) -> Run:
    """Assess with the settings of a public server."""
    secure = replace(there, environment=there.environment | {"TROTH_SECURE": "true"})
    file = there.home / "assessment.json"
    file.unlink(missing_ok=True)
    left_out = [word for name in without for word in ("--without", name)]
    done = secure.run("assess", "--json", file, *left_out, *arguments, check=False)
    assert file.exists(), done.stdout + done.stderr
    return Run(done.returncode, done.stdout, file)
