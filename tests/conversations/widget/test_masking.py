"""One corpus, two programs: what the server blots out, the browser blots out, and nothing else."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from playwright.sync_api import Page

from troth.channels.conversations import masking
from troth.channels.conversations.masking import RULES, mask

CORPUS = json.loads(Path(__file__).with_name("masking.json").read_text("utf-8"))
SCRIPT = (
    Path(masking.__file__).parent / "static" / "conversations" / "widget" / "masking.js"
).read_text("utf-8")
ALL = """([script, rules, texts]) => {
    const mask = new Function(`${script}; return masking`)()(rules);
    return texts.map(mask);
}"""


def in_a_browser(page: Page, texts: list[str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = page.evaluate(ALL, [SCRIPT, RULES, texts])
    return found


@pytest.mark.parametrize("row", CORPUS, ids=lambda row: row["text"][:30])
def test_the_server_masks(row: dict[str, object]) -> None:
    found = mask(str(row["text"]))
    assert (found.text, list(found.kinds)) == (row["masked"], row["kinds"])
    assert mask(found.text).text == found.text


def test_the_browser_masks_the_same(page: Page) -> None:
    found = in_a_browser(page, [row["text"] for row in CORPUS])
    wrong = [
        (row, one)
        for row, one in zip(CORPUS, found, strict=True)
        if one != {"text": row["masked"], "kinds": row["kinds"]}
    ]
    assert not wrong


@given(st.text(alphabet="4111 5-.0137XAB:password is\n٤•", max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


def test_both_agree_on_numbers_nobody_chose(page: Page) -> None:
    """Rows of figures by chance: where the two differ, one of them counts wrong."""
    chance = random.Random(7)
    texts = [
        start + "".join(chance.choice("0123456789") for _ in range(size))
        for start, size in (("4", 15), ("5", 15), ("756", 10), ("", 9), ("", 11), ("SIN ", 9))
        for _ in range(300)
    ]
    found = in_a_browser(page, texts)
    assert [one["text"] for one in found] == [mask(text).text for text in texts]
    assert any(one["kinds"] for one in found)


def test_a_long_text_takes_no_time_worth_naming() -> None:
    """Nothing in it may take time that grows faster than the text."""
    for text in ("1 " * 50_000, "password" * 12_000, "DE89 3704 " * 10_000, "a" * 125_000):
        assert mask(text).kinds == ()
