"""There is one way to a personal value, and the database knows the walls between organisations."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from troth.core.organisations.rls import EnableRowSecurity
from troth.core.organisations.scoped import Scoped

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "troth"
SCOPED = [model for model in apps.get_models() if issubclass(model, Scoped)]

# Names that open, unwrap or decrypt, and the packages they are for.
FOR_FEW = {
    "opened": {"core/gate", "core/keyring"},
    "unseal": {"core/sealing"},
    "masters": {"core/keyring"},
    "last_look": {"core/gate", "core/rights"},
    "destroy_person_keys": {"core/keyring", "core/gate", "core/rights", "core/retention"},
}


@pytest.mark.parametrize("name", FOR_FEW)
def test_what_opens_values_is_used_by_few(name: str) -> None:
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        package = path.parent.relative_to(SOURCE).as_posix()
        if any(package.startswith(allowed) for allowed in FOR_FEW[name]):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not str(node.module).startswith("troth."):
                continue
            if name in {alias.name for alias in node.names}:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong, f"only {FOR_FEW[name]} may use {name}:\n" + "\n".join(wrong)


def test_every_table_of_an_organisation_has_row_level_security() -> None:
    walled = {
        operation.table
        for migration in MigrationLoader(None).disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, EnableRowSecurity)
    }
    tables = {model._meta.db_table for model in SCOPED if model._meta.managed}
    assert tables, "no table of an organisation was found, so this would prove nothing"
    open_tables = ", ".join(sorted(tables - walled))
    assert not open_tables, f"add EnableRowSecurity(table) to the migration of: {open_tables}"


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_every_manager_of_a_scoped_model_is_scoped(model: type[models.Model]) -> None:
    for manager in (model._base_manager, *model._meta.managers):
        asks = type(manager).get_queryset
        assert asks is not models.Manager.get_queryset, f"{manager} does not ask for the scope"
