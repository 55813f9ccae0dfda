"""The JSON Schema says what the reader says about the form of a file."""

from __future__ import annotations

import json
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import troth.policy
from policy.golden_files import GOLDEN, TODAY
from troth.policy import read
from troth.policy.schema import schema, text

PUBLISHED = Path(troth.policy.__file__).with_name("policy.schema.json")
CHECK = sorted((GOLDEN / "check").glob("*.toml"))
SOUND = [path for path in CHECK if path.stem.startswith("clean")]
VALIDATOR = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)

FORM = {"T101", "T102", "T103", "T104", "T105", "T106", "T107", "T108", "T109"}
READER_ONLY = {
    "period-too-long": "lengths need arithmetic",
    "several-lines": "one line or several is not said in a schema",
    "wrong-type-date": "JSON has no dates, so they are texts there",
}
"""What the schema lets through, and why it cannot do better."""


def plain(value: object) -> object:
    """TOML values as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def values(path: Path) -> object:
    source = path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode().replace("\r\n", "\n")
    return plain(tomllib.loads(source))


def test_the_published_schema_is_the_models() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == text()


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(text()))


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_sound_policies_are_valid(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(values(path))] == []


def form_is_wrong(path: Path) -> bool:
    codes = {problem.code for problem in read(path.read_bytes(), path.name, TODAY).problems}
    return bool(codes & FORM) and "T003" not in codes


@pytest.mark.parametrize(
    "path",
    [path for path in CHECK if form_is_wrong(path) and path.stem not in READER_ONLY],
    ids=lambda path: path.stem,
)
def test_a_wrong_form_is_invalid(path: Path) -> None:
    assert list(VALIDATOR.iter_errors(values(path)))


def test_what_only_the_reader_finds_is_found_by_it() -> None:
    for name in READER_ONLY:
        assert form_is_wrong(GOLDEN / "check" / f"{name}.toml")
