"""The page about the format says what the format is."""

from __future__ import annotations

import os
import re
from pathlib import Path

from policy.golden_files import TODAY
from troth.policy import read, reference
from troth.policy.codes import CODES

DOCS = Path(__file__).parents[2] / "docs" / "policy-format.md"


def page() -> str:
    return DOCS.read_text(encoding="utf-8")


def with_reference(text: str) -> str:
    """The page with its two generated parts as the model has them."""
    parts = {"tables": reference.tables(), "diagnostics": reference.diagnostics()}
    for name, part in parts.items():
        opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = text.partition(opening)
        text = f"{before}{opening}\n\n{part}\n{closing}{rest.partition(closing)[2]}"
    return text


def test_the_reference_is_the_models() -> None:
    """`UPDATE_GOLDEN=1` writes it anew."""
    if os.environ.get("UPDATE_GOLDEN"):
        DOCS.write_text(with_reference(page()), encoding="utf-8")
    assert page() == with_reference(page())


def test_the_worked_example_is_sound() -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", page(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 6
    reading = read("\n".join(blocks), "fern.toml", TODAY)
    assert reading.policy is not None
    assert [problem.code for problem in reading.problems] == ["T901"]


def test_every_code_is_explained() -> None:
    assert set(re.findall(r"^\| (T\d+) ", page(), re.MULTILINE)) == set(CODES)
