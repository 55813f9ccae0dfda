"""`troth policy …` as it is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from policy.golden_files import GOLDEN

CHECK = GOLDEN / "check"
RUN = "from troth.policy.cli import policy; policy()"


def run(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | variables,
    )


def test_a_clean_file_passes() -> None:
    done = run("check", CHECK / "clean.toml", CHECK / "clean-aggregate.toml")
    assert done.returncode == 0
    assert done.stdout == "2 files checked: 0 errors, 0 warnings, 0 notes\n"


def test_warnings_pass_and_errors_do_not() -> None:
    assert run("check", CHECK / "no-retention.toml").returncode == 0
    assert run("check", CHECK / "no-retention.toml", CHECK / "many.toml").returncode == 1


def test_a_problem_shows_the_line_the_cause_and_the_way_out() -> None:
    done = run("check", CHECK / "unknown-category.toml")
    where, line, mark, why, hint, *_ = done.stdout.split("\n")
    assert where.endswith(
        "unknown-category.toml:35:26: error[T201]: "
        "Unknown data category or element `user.contact.emial`"
    )
    assert line == '   35 | required = ["user.name", "user.contact.emial"]'
    assert mark.strip() == "^" * len('"user.contact.emial"')
    assert line.index('"user.contact.emial"') == mark.index("^")
    assert why.startswith("  why: ")
    assert hint == "  do:  Did you mean `user.contact.email`?"
    assert "\x1b" not in done.stdout


def test_json_has_everything() -> None:
    done = run("check", "--json", CHECK / "many.toml")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert {"code", "severity", "file", "line", "column", "message", "hint", "why"} <= set(found[0])
    assert len(found) == 9


@pytest.mark.parametrize("command", ["check", "render", "picture"])
def test_a_file_that_is_not_there(command: str, tmp_path: Path) -> None:
    done = run(command, tmp_path / "none.toml")
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_and_a_huge_file(tmp_path: Path) -> None:
    assert "cannot be read" in run("check", tmp_path).stderr
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"a" * 10_000_000)
    assert "T002" in run("check", huge).stdout


def test_terminal_codes_in_a_file_do_not_reach_the_terminal() -> None:
    done = run("check", CHECK / "control.toml")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout


def test_compare() -> None:
    folder = GOLDEN / "compare"
    done = run("compare", folder / "base.toml", folder / "kept-longer.toml")
    assert done.returncode == 0
    assert done.stdout.startswith("material  § 5  ")
    assert done.stdout.endswith("1 change, 1 material\n")
    same = run("compare", folder / "base.toml", folder / "renumbered.toml")
    assert same.stdout == "No change in effect.\n"
    found = json.loads(run("compare", "--json", folder / "base.toml", folder / "same.toml").stdout)
    assert found["material"] is False


def test_render_and_picture(tmp_path: Path) -> None:
    page = run("render", CHECK / "clean.toml").stdout
    assert 'id="clause-3"' in page
    assert run("render", CHECK / "clean.toml", "--format", "markdown").stdout.startswith("# ")
    drawn = tmp_path / "flow.svg"
    assert run("picture", CHECK / "clean.toml", "-o", drawn).returncode == 0
    assert ET.parse(drawn).getroot().tag.endswith("svg")
    nowhere = run("picture", CHECK / "clean.toml", "-o", tmp_path / "no" / "flow.svg")
    assert nowhere.returncode == 1
    assert "cannot be written" in nowhere.stderr


def test_a_policy_with_errors_is_not_rendered() -> None:
    done = run("render", CHECK / "many.toml")
    assert done.returncode == 1
    assert not done.stdout
    assert "error[T201]" in done.stderr


def test_schema() -> None:
    assert json.loads(run("schema").stdout)["title"] == "Troth policy"


def test_checking_needs_neither_the_renderer_nor_the_slow_libraries() -> None:
    """What makes `check` start quickly, without a clock: the slow parts are not imported."""
    code = (
        "import sys; from troth.policy.cli import policy;\n"
        f"policy(['check', {str(CHECK / 'clean.toml')!r}], standalone_mode=False)\n"
        "slow = {'django', 'pydantic', 'fideslang', 'holidays', 'nh3', 'markdown_it'}\n"
        "sys.exit(', '.join(slow & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
