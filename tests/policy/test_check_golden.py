"""Policies in, diagnostics out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policy.golden_files import GOLDEN, TODAY, golden
from troth.policy import read
from troth.policy.codes import CODES

FILES = sorted((GOLDEN / "check").glob("*.toml"))
HEADER = re.compile(rb"# expects: (.*)\n")


def declared(path: Path) -> list[str] | None:
    """The codes that the first line of a file announces, written by hand."""
    match = HEADER.match(path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r", b""))
    return None if match is None else match[1].decode().replace("nothing", "").split()


def described(path: Path) -> str:
    """All problems of a file, one below the other."""
    return "".join(
        f"{problem.file}:{problem.line}:{problem.column}+{problem.length} {problem.severity} "
        f"{problem.code} {problem.message}\n"
        f"    do: {problem.hint}\n" + (f"    in: {problem.clause}\n" if problem.clause else "")
        for problem in read(path.read_bytes(), path.name, TODAY).problems
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_is_found(path: Path) -> None:
    codes = declared(path)
    if codes is not None:
        found = read(path.read_bytes(), path.name, TODAY).problems
        assert sorted(problem.code for problem in found) == sorted(codes)
    golden(path.with_suffix(".expected"), described(path))


def test_there_are_enough_files_and_every_code_is_among_them() -> None:
    assert len(FILES) >= 60
    seen = {code for path in FILES for code in (declared(path) or [])}
    seen |= {"T006", "T002", "T009"}  # files without a header; too large; too many problems
    assert seen == set(CODES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_policy_comes_out_exactly_when_there_is_no_error(path: Path) -> None:
    reading = read(path.read_bytes(), path.name, TODAY)
    assert (reading.policy is None) == bool(reading.errors)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_points_into_the_file(path: Path) -> None:
    reading = read(path.read_bytes(), path.name, TODAY)
    lines = reading.source.split("\n")
    for problem in reading.problems:
        assert problem.message
        assert problem.hint
        assert problem.why
        assert 1 <= problem.line <= max(len(lines), 1)
        if reading.source:
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
