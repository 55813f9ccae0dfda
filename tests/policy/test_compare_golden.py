"""Two versions in, changes in effect out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy.golden_files import GOLDEN, clean, golden, sound
from troth.policy import compare

BASE = GOLDEN / "compare" / "base.toml"
FILES = sorted(path for path in BASE.parent.glob("*.toml") if path != BASE)


def announced(path: Path) -> set[str]:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return set(first.removeprefix("# expects: ").split())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_change_amounts_to(path: Path) -> None:
    found = compare(sound(BASE), sound(path))
    expected = announced(path)
    assert bool(found.changes) == (expected != {"nothing"})
    assert found.material == ("material" in expected)
    assert any(change.widens for change in found.changes) == ("widens" in expected)
    golden(path.with_suffix(".expected"), json.dumps(found.as_dict(), indent=1) + "\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_change_can_be_seen_from_both_sides(path: Path) -> None:
    there, back = compare(sound(BASE), sound(path)), compare(sound(path), sound(BASE))
    assert bool(there.changes) == bool(back.changes)
    assert there.dropped <= back.widened


def test_what_is_widened_is_named() -> None:
    path = BASE.parent
    new = compare(sound(BASE), sound(path / "new-category.toml"))
    assert new.widened == {
        ("support", "user.contact.phone_number"),
        ("news", "user.contact.phone_number"),
    }
    basis = compare(sound(BASE), sound(path / "weaker-basis.toml"))
    assert {purpose for purpose, _ in basis.widened} == {"news"}
    purpose = compare(sound(BASE), sound(path / "new-purpose.toml"))
    assert purpose.new_purposes == ("contest",)
    assert ("contest", "user.name") in purpose.widened


def test_rewording_is_told_though_it_changes_nothing() -> None:
    found = compare(sound(BASE), sound(BASE.parent / "reworded.toml"))
    assert found.reworded == ("1",)


def test_two_companies_can_be_compared() -> None:
    assert compare(clean("clean"), sound(BASE)).material
