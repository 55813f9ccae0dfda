"""What the software says when it will not do something is named for one of three families."""

from __future__ import annotations

import ast
import builtins
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = ("Denied", "Invalid", "Missing")
RAISED = {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}


def raises(base: ast.expr) -> bool:
    """Whether the base of a class makes it an exception, judged by its name."""
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    return name in RAISED or name.endswith((*FAMILIES, "Error", "Exception", "Refusal"))


def test_every_exception_ends_in_denied_invalid_or_missing() -> None:
    named = [
        (f"{path.relative_to(ROOT)}:{found.lineno}", found.name)
        for path in sorted((ROOT / "src").rglob("*.py"))
        for found in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(found, ast.ClassDef) and any(map(raises, found.bases))
    ]
    assert len(named) > 10, "next to no exception was found, so this would prove nothing"
    # `Refusal` is the one base of the three families, and is never raised itself.
    wrong = [
        f"{place}: {name}"
        for place, name in named
        if not name.endswith(FAMILIES) and name != "Refusal"
    ]
    assert not wrong, "name it for what is denied, invalid or missing:\n" + "\n".join(wrong)
