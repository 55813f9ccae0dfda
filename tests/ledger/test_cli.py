"""`troth ledger` as its owner, and a person with a receipt, use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.places import Ledger
from troth.core.ledger import api
from troth.core.ledger.cli import ledger as group


def run(*arguments: str | Path) -> Result:
    found = CliRunner().invoke(group, [str(one) for one in arguments])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


def test_verify_says_what_holds_and_what_does_not(ledger: Ledger, tmp_path: Path) -> None:
    ledger.grow(20)
    kept = tmp_path / "kept"
    assert run("checkpoint", "-o", kept).exit_code == 0
    good = run("verify", "--checkpoint", kept)
    assert (good.exit_code, "20 entries, all as signed" in good.output) == (0, True)
    ledger.attack("UPDATE ledger_entry SET act = :act WHERE position = 7", act="x")
    bad = run("verify")
    assert bad.exit_code == 1
    assert "column: A column of the entry at 7" in bad.output
    assert "does NOT hold" in bad.output
    told = json.loads(run("verify", "--json").output)
    assert told["holds"] is False
    outcome = told["ledgers"][ledger.organisation.slug]
    assert [problem["kind"] for problem in outcome["problems"]] == ["column"]


def test_several_organisations_are_told_apart(new_ledger: Callable[[], Ledger]) -> None:
    one, two = new_ledger(), new_ledger()
    one.grow(2)
    two.grow(3)
    both = run("verify")
    assert both.exit_code == 0
    assert f"{one.organisation.slug}: 2 entries" in both.output
    assert f"{two.organisation.slug}: 3 entries" in both.output
    refused = run("key")
    assert refused.exit_code == 1
    assert one.organisation.slug in refused.output
    assert run("key", "--organisation", two.organisation.slug).output.startswith("troth/")
    assert run("verify", "--organisation", "nobody").exit_code == 1


def test_a_receipt_is_checked_offline_by_a_program_without_django(
    ledger: Ledger, tmp_path: Path
) -> None:
    entry = ledger.grow(20)[11]
    file = tmp_path / "receipt.json"
    assert run("receipt", str(entry), "-o", file).exit_code == 0
    key = run("key").output.strip()
    code = (
        "import sys\n"
        "sys.modules['django'] = sys.modules['sqlite3'] = sys.modules['socket'] = None\n"
        "from troth.core.ledger.cli import ledger\n"
        "ledger()"
    )
    offline = [sys.executable, "-c", code, "check-receipt", file, "--key"]
    bare = {"PATH": os.environ["PATH"]}
    good = subprocess.run([*offline, key], env=bare, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stderr
    assert "entry 11 of" in good.stdout
    changed = json.loads(file.read_text())
    changed["entry"]["purpose"] = "selling"
    file.write_text(json.dumps(changed))
    bad = subprocess.run([*offline, key], env=bare, capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert len(bad.stderr.strip().splitlines()) == 3
    assert "not in the tree" in bad.stderr


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[]", b"[" * 200_000, b"x" * 1_000_001]
)
def test_a_bad_receipt_file_gives_words_and_no_traceback(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "receipt.json"
    file.write_bytes(content)
    refused = run("check-receipt", file, "--key", "troth/x+00000000+AAAA")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert run("check-receipt", tmp_path / "none", "--key", "x").exit_code == 2


def test_a_forged_checkpoint_file_and_an_unknown_entry_are_told(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.grow(3)
    file = tmp_path / "kept"
    file.write_text(api.checkpoint(ledger.organisation).note.replace("3", "4"))
    forged = run("verify", "--checkpoint", file)
    assert (forged.exit_code, "forged" in forged.output) == (1, True)
    unknown = run("receipt", "00000000-0000-0000-0000-000000000000")
    assert (unknown.exit_code, "There is no entry" in unknown.output) == (1, True)
