"""`troth connect`."""

from __future__ import annotations

import json
from pathlib import Path

from connect.shops import DESCRIPTION, Shop, database
from support.installations import Installation
from troth.core.connect import engines
from troth.core.connect.inspecting import inspect


def test_a_database_is_drafted_entered_tried_and_taken_out(
    installation: Installation, lite_shop: Shop, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.yml"
    said = installation.run("connect", "inspect", lite_shop.url, "--output", draft).stderr
    assert "customer.email" in said
    assert "the name holds “email”" in said
    assert "login.customer_id" in said
    assert "Ada" not in draft.read_text() + said
    described = tmp_path / "shop.yml"
    described.write_text(DESCRIPTION)
    done = installation.run("connect", "add", "shop", lite_shop.url, described)
    assert "The shop is entered as shop." in done.stdout
    assert "orders.customer_id: it has no index" in done.stdout
    listed = json.loads(installation.run("connect", "list", "--json").stdout)
    assert (listed[0]["key"], listed[0]["state"]) == ("shop", "ready")
    # How many depends on the policy in force; here it is that the command answers.
    assert "rows" in installation.run("connect", "expire", "shop").stdout
    lite_shop.do("ALTER TABLE customer RENAME COLUMN born TO birthday")
    wrong = installation.run("connect", "check", "shop", check=False)
    assert wrong.returncode == 1
    assert "stops all: customer.born: there is no such column." in wrong.stdout


def test_a_draft_leads_to_every_table_and_holds(lite_shop: Shop) -> None:
    with engines.reading(lite_shop.engine) as connection:
        text, proposals = inspect(connection, "shop", sample=True)
    assert {one.column for one in proposals} >= {"email", "street", "born", "ip", "body"}
    stopping = [one for one in database(lite_shop, text).problems() if one.stops == "all"]
    assert stopping == []
