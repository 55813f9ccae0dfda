"""`troth retention`: what it prints, and that it stops."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from core.conftest import WORKER, Company
from troth.core import clock
from troth.core.people.models import Element
from troth.core.retention import api, running
from troth.core.retention.cli import retention

pytestmark = pytest.mark.parametrize("company", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


def says(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(retention, arguments)
    assert done.exit_code == code, done.output
    return done.output


def test_preview_run_and_holds(keeping: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FEW", 1)
    now = datetime.now(UTC)
    assert "Nothing of 0 values goes" in says("preview")
    assert "There are no holds" in says("holds")
    with clock.at(now - 800 * DAY):
        keeping.visitor_writes("ada@marsh.example")
    person = keeping.visitor_writes("bea@marsh.example")
    assert "kept 2 years after last contact" in says("preview")
    (row,) = json.loads(says("preview", "--json"))["due"]
    assert (row["clause"], row["due_now"], row["then"]) == ("4.1", 2, "erase")
    assert "troth retention run --confirm" in says("run", code=3)
    assert Element.objects.count() == 4
    assert "2 of        2 erase" in says("run", "--confirm")
    assert Element.objects.count() == 2
    api.set_hold(actor=WORKER, ground="law", ends_at=now + DAY, person=person)
    assert person.ref in says("holds")
    assert json.loads(says("holds", "--json"))[0]["ground"] == "law"
    assert json.loads(says("run", "--json"))["state"] == "done"
