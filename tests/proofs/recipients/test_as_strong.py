"""Who guards data less strongly than the company itself gets nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from proofs.deciding import answers
from support.bonds import bonds
from support.installations import Installation

MakeInstallation = Callable[..., Installation]
NAME = "user.name"
ASKED = {"purposes": ["payment"], "data": [NAME], "to": ["payments"]}


@pytest.mark.clause("comindware-12")
def test_an_attestation_is_compared_with_the_companys_own_level(
    make_installation: MakeInstallation,
) -> None:
    site = make_installation(company="comindware")

    def enter(**how: object) -> dict[str, object]:
        file = site.home / "bonds.toml"
        file.write_text(bonds(["payments"], **how), "utf-8")  # type: ignore[arg-type]
        site.run("recipients", "enter", file)
        return one()

    def one(**when: float) -> dict[str, object]:
        [found] = answers(site, **ASKED, **when).values()  # type: ignore[arg-type]
        return found

    assert (one()["allowed"], one()["reason"]) == (False, "bond-missing"), "nothing is on file"
    listed = json.loads(site.run("recipients", "list", "--json").stdout)
    bars = {row["recipient"]: (row["bar"], row["clause"]) for row in listed}
    assert bars["payments"] == ("bond-missing", "5.1")
    assert bars["authorities"] == ("", ""), "of whom no clause asks it"
    weaker = enter(level="basic")
    assert (weaker["allowed"], weaker["reason"], weaker["clause"]) == (
        *(False, "security-weaker"),
        "5.1",
    )
    for level in ("sound", "strict"):
        assert enter(level=level)["allowed"], level
    lapsed = one(days_ahead=400)
    assert (lapsed["allowed"], lapsed["reason"], lapsed["clause"]) == (False, "bond-lapsed", "5.1")
    assert enter(level="basic")["reason"] == "security-weaker", "the newest counts"
