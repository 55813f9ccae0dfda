"""The people of a demo are made up and reachable nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from troth.hub.demo.cast import cast
from troth.hub.demo.earlier import EARLIER, earlier
from troth.policy import compare, read

POLICIES = Path(__file__).resolve().parents[2] / "policies"
FICTIONAL = re.compile(r"\+1 \d{3}-555-01\d\d|\+44 20 7946 0\d{3}")


@pytest.mark.parametrize("country", ["CA", "GB", "US", "PL"])
def test_nobody_can_be_reached(country: str) -> None:
    people = cast(country, 50, seed="nobody")
    assert len({human.email for human in people}) == 50
    for human in people:
        assert human.email.endswith(".example")
        assert human.other_email.endswith(".example")
        assert human.website.endswith(".example")
        assert FICTIONAL.fullmatch(human.phone)


def test_the_cast_is_the_same_every_time() -> None:
    assert cast("GB", 5, seed="one") == cast("GB", 5, seed="one")
    assert cast("GB", 5, seed="one") != cast("GB", 5, seed="two")


@pytest.mark.parametrize("company", sorted(EARLIER))
def test_the_version_before_lacked_one_purpose(company: str) -> None:
    source = (POLICIES / f"{company}.toml").read_text("utf-8")
    before = read(earlier(company, source) or "").policy
    now = read(source).policy
    assert before is not None
    assert now is not None
    found = compare(before, now)
    assert found.material
    assert found.new_purposes == (EARLIER[company].without,)
