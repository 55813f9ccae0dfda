"""docs/ledger-format.md is enough for a stranger: its own program checks our receipts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from ledger.places import Ledger
from troth.core.ids import opaque_ref
from troth.core.ledger import api
from troth.core.ledger.verification import ProblemKind

DOCUMENT = Path(__file__).parents[2] / "docs" / "ledger-format.md"


@pytest.mark.parametrize("position", [0, 255, 256, 299, 300])
def test_the_program_in_the_document_checks_a_receipt(
    ledger: Ledger, tmp_path: Path, position: int
) -> None:
    ids = ledger.grow(301)
    program = re.search(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert program
    (tmp_path / "check.py").write_text(program[1])
    receipt = api.receipt(ids[position])
    file = tmp_path / "receipt.json"

    def check() -> subprocess.CompletedProcess[str]:
        file.write_text(json.dumps(receipt))
        command = [sys.executable, "-I", tmp_path / "check.py", file, str(api.verifier(ledger.id))]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    good = check()
    assert (good.returncode, ids[position].hex in good.stdout) == (0, True), good.stderr
    receipt["entry"]["purpose"] = "selling"
    assert check().returncode != 0


def test_the_document_names_every_key_and_finding(ledger: Ledger) -> None:
    person = opaque_ref()
    ledger.record(1, subject=person)
    (line,) = api.timeline(ledger.organisation, person).lines
    text = DOCUMENT.read_text("utf-8")
    for name in [*line.body, *get_args(ProblemKind)]:
        assert f"| `{name}` |" in text
