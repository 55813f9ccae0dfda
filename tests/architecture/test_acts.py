"""Every act on the ledger is registered; one that is not is refused, loudly."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.db import transaction

from troth.core.ledger.acts import ActMissing, acts, registered
from troth.core.ledger.api import Actor, record
from troth.core.organisations.models import Organisation

ROOT = Path(__file__).resolve().parents[2]


def recorded() -> list[tuple[str, str]]:
    """Each literal act name that code records, with its place."""
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "act":
                value = node.value
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found.append((f"{path.relative_to(ROOT)}:{value.lineno}", value.value))
    return found


def test_acts_are_registered_when_django_has_started() -> None:
    assert len(acts()) > 5


def test_every_act_that_code_names_is_registered() -> None:
    missing = [f"{place}: {name}" for place, name in recorded() if name not in acts()]
    assert not missing, "register these in the ready() of their app:\n" + "\n".join(missing)


@pytest.mark.parametrize("name", sorted(acts()))
def test_an_act_belongs_to_an_app_and_reads_as_a_sentence(name: str) -> None:
    act = registered(name)
    assert "." in name, "an act is named app.done"
    assert len(act.sentence.split()) >= 3
    assert not act.sentence.endswith(".")


@pytest.mark.django_db
def test_an_unregistered_act_is_refused() -> None:
    organisation = Organisation.objects.create(slug="acme", name="Acme")
    with pytest.raises(ActMissing, match=r"ready\(\)"), transaction.atomic():
        record(act="nobody.registered-this", organisation=organisation, actor=Actor("system", "x"))
