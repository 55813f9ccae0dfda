"""`troth clauses`, by records of proofs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.installations import TROTH
from troth.core.assess.source import digest


def listed(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TROTH, "clauses", *arguments], check=False, capture_output=True, text=True
    )


@pytest.fixture
def record(tmp_path: Path) -> Any:
    """Write a record of proofs: `record({"com1-10": "passed"}, source=…)`."""

    def write(outcomes: dict[str, str], source: str = "") -> Path:
        proofs = [
            {"test": f"test_{clause}", "clauses": [clause], "outcome": outcome, "seconds": 0.1}
            for clause, outcome in outcomes.items()
        ]
        found = {"made": "2026-01-01T00:00:00+00:00", "source": source or digest()}
        file = tmp_path / "proofs.json"
        file.write_text(json.dumps(found | {"proofs": proofs}), "utf-8")
        return file

    return write


def states(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {row["id"]: row["state"] for row in json.loads(done.stdout)["clauses"]}


def test_a_clause_is_proven_when_its_proofs_passed_and_failing_when_one_did_not(
    record: Any,
) -> None:
    file = record({"com1-10": "passed", "comm100-03": "failed"})
    done = listed("--proofs", file, "--json")
    found = states(done)
    assert done.returncode == 1
    assert (found["com1-10"], found["comm100-03"]) == ("proven", "failing")
    assert found["comm100-13"] == "not run"
    words = listed("--proofs", file, "--company", "comm100", "--state", "failing")
    assert "comm100-03" in words.stdout
    assert "failed: test_comm100-03" in words.stdout
    assert "com1-10" not in words.stdout


def test_what_waits_says_for_what(record: Any) -> None:
    done = listed("--proofs", record({}), "--json", "--company", "comantra")
    assert done.returncode == 0
    waits = [row for row in json.loads(done.stdout)["clauses"] if row["state"] == "pending"]
    assert all(row["waits_for"] and row["why"] for row in waits)


def test_proofs_of_another_source_prove_nothing(record: Any) -> None:
    done = listed("--proofs", record({"com1-10": "passed"}, source="0" * 64), "--company", "com1")
    assert "on another source" in done.stdout
    assert "proven" not in done.stdout.replace("proven in", "")


def test_what_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "proofs.json"
    file.write_text('{"made": 1}', "utf-8")
    done = listed("--proofs", file)
    assert done.returncode == 1
    assert "no record of proofs" in done.stderr
    assert listed("--company", "nobody").returncode == 2
