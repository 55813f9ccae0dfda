"""Each promise has a proof or says what it waits for, and each proof can be shown to fail."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REGISTER = tomllib.loads((ROOT / "clauses" / "register.toml").read_text("utf-8"))["clause"]
CAPABILITY = {row["id"]: row["capability"] for row in REGISTER}


def tables(folder: str, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((ROOT / "clauses" / folder).glob("*.toml")):
        for row in tomllib.loads(path.read_text("utf-8"))[key]:
            yield path.stem, row


def marked() -> set[str]:
    """The clauses that proofs name."""
    return {
        argument.value
        for path in (ROOT / "tests" / "proofs").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.clause"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def waiting() -> list[str]:
    return [clause for _, row in tables("waiting", "waiting") for clause in row["clauses"]]


def test_each_clause_is_proven_or_waits_and_never_both() -> None:
    proven, waits = marked(), waiting()
    assert len(CAPABILITY) == len(REGISTER) == 251
    assert sorted(proven - set(CAPABILITY)) == []
    assert [one for one, count in Counter(waits).items() if count > 1] == []
    assert sorted(set(waits) - set(CAPABILITY)) == []
    assert sorted(proven & set(waits)) == []
    assert sorted(set(CAPABILITY) - proven - set(waits)) == []


def test_what_waits_stands_with_its_capability_and_says_for_what() -> None:
    for capability, row in tables("waiting", "waiting"):
        assert {CAPABILITY[clause] for clause in row["clauses"]} == {capability}
        assert row["part"]
        assert row["why"].endswith(".")


def test_proofs_look_from_outside() -> None:
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "tests" / "proofs").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else names(node))
        if name.partition(".")[0] in {"troth", "django"}
    ]
    assert inside == []


def names(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]


def test_each_way_to_break_a_promise_still_fits_the_source() -> None:
    rows = list(tables("mutations", "mutation"))
    assert [
        name for name, count in Counter(row["name"] for _, row in rows).items() if count > 1
    ] == []
    for _, row in rows:
        text = (ROOT / row["file"]).read_text("utf-8")
        assert text.count(row["old"]) == 1, row["name"]
        assert set(row["red"]) <= marked(), row["name"]
    assert len(rows) >= 60


def test_each_capability_with_proofs_has_a_way_to_break_it() -> None:
    broken = {
        CAPABILITY[clause] for _, row in tables("mutations", "mutation") for clause in row["red"]
    }
    assert sorted({CAPABILITY[clause] for clause in marked()} - broken) == []
