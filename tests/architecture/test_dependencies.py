"""Every dependency earns its place in one sentence, and nothing unlocked is ever installed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in requirements}


RUN = names([*PROJECT["project"]["dependencies"], *EXTRAS["demo"], *GROUPS["build"]])
ALL = RUN | names([*EXTRAS["assess"], *GROUPS["test"], *GROUPS["bench"]])


def test_every_dependency_has_one_sentence() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w.-]+)` \| (.+?) \|$", page, re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(ALL)
    for name, sentence in rows:
        one = sentence.endswith(".") and len(re.findall(r"[.!?](?:\s|$)", sentence)) == 1
        assert one, f"{name}: say in one sentence why it earns its place"


@pytest.mark.parametrize(("lock", "wanted"), [("run", RUN), ("all", ALL), ("uv", {"uv"})])
def test_locks_name_every_dependency_with_hashes_and_no_address(
    lock: str, wanted: set[str]
) -> None:
    text = (ROOT / "locks" / f"{lock}.txt").read_text("utf-8")
    entries = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    locked = {entry.split("==")[0] for entry in entries}
    assert wanted <= locked, f"run make lock: {', '.join(sorted(wanted - locked))} not locked"
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text


def test_both_locks_agree() -> None:
    run, every = (
        dict(
            re.findall(
                r"^([\w.-]+)==(\S+)", (ROOT / "locks" / name).read_text("utf-8"), re.MULTILINE
            )
        )
        for name in ("run.txt", "all.txt")
    )
    assert run == {name: every.get(name) for name in run}
