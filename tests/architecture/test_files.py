"""House rules that hold for every tracked file, whatever is in it."""

from __future__ import annotations

import re
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".sh", ".sql", ".json", ".svg", ""}


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


FILES = tracked()
CODE = [path for path in FILES if path.suffix in {".py", ".html", ".css", ".js", ".sh"}]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


# One test for each rule: a test for each file and rule would be most of the suite's tests.
def test_no_code_file_is_longer_than_500_lines() -> None:
    long = [f"{name(path)} has {lines(path)} lines" for path in CODE if lines(path) > 500]
    assert not long, f"split: {'; '.join(long)}"


def test_half_of_the_python_files_are_short(record_property: pytest.RecordProperty) -> None:
    sizes = [lines(path) for path in CODE if path.suffix == ".py"]
    median = statistics.median([size for size in sizes if size] or [0])
    record_property("median_lines", median)
    longest = sorted(((lines(path), name(path)) for path in CODE), reverse=True)[:5]
    assert median <= 100, f"the median file has {median} lines; the longest are {longest}"


VAGUE = re.compile(r"^(utils?|helpers?|managers?|services?|misc|common)$")


def test_modules_are_named_for_what_they_do() -> None:
    vague = [
        f"{name(path)}: '{part}'"
        for path in CODE
        if path.suffix == ".py"
        for part in (path.stem, *path.relative_to(ROOT).parts[:-1])
        if VAGUE.match(part)
    ]
    assert not vague, f"say nothing, name them for what they do: {'; '.join(vague)}"


# Each pattern is split so that this file does not contain what it looks for.
FOREIGN = re.compile(
    r"pypi\." r"org|pythonhosted\." r"org|npmjs\." r"(?:org|com)|deb\.debian\." r"org|"
    r"registry\." r"npm|--(?:extra-)?index-" r"url|snapshot\.debian"
)  # fmt: skip
MACHINE = re.compile(r"/" r"(?:root|home/\w+|work|opt/pypi)/")  # fmt: skip


@pytest.mark.parametrize(
    "pattern", [FOREIGN, MACHINE], ids=["a package registry", "a folder of one machine"]
)
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    texts = ((path, path.read_text("utf-8", "replace")) for path in FILES if path.suffix in TEXT)
    named = [
        f"{name(path)}: {hit.group()!r}" for path, text in texts if (hit := pattern.search(text))
    ]
    assert not named, "; ".join(named)


def test_nothing_is_vendored() -> None:
    """Other people's code comes as a locked package, never as a copy in the tree."""
    vendored = re.compile(r"(^|/)(vendor|vendored|third_party|node_modules|dist)/|\.min\.(js|css)$")
    assert not [name(path) for path in FILES if vendored.search(name(path))]
    notice = re.compile(r"@license|\* Copyright \(c\)|Licensed under", re.IGNORECASE)
    scripts = [path for path in CODE if path.suffix in {".js", ".css"}]
    assert not [name(path) for path in scripts if notice.search(path.read_text("utf-8"))]
