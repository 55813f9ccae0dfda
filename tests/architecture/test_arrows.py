"""Arrows point one way: hub, channels, kit, core, policy. Also where imports do not show it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("policy", "core", "kit", "channels", "hub")
OURS = [config for config in apps.get_app_configs() if config.name.startswith("troth.")]


def layer(config: AppConfig) -> int:
    return LAYERS.index(config.name.split(".")[1])


def may_name(user: AppConfig, used: AppConfig) -> bool:
    """Whether `user` may know of `used`: what is below it, and of channels only itself."""
    if not used.name.startswith("troth."):
        return True
    channels = LAYERS.index("channels")
    if layer(user) == layer(used) == channels:
        return user is used
    return layer(user) >= layer(used)


def test_import_contracts_are_kept() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_import_contracts_have_no_exception_list() -> None:
    """The only thing ignored is the door between channels."""
    contracts = (ROOT / "pyproject.toml").read_text("utf-8").partition("[tool.importlinter]")[2]
    ignored = re.findall(r"^ignore_imports = (.*)$", contracts, re.MULTILINE)
    assert ignored == ['["troth.channels.** -> troth.channels.*.api"]']


def relations() -> Iterator[tuple[AppConfig, str, AppConfig]]:
    for config in OURS:
        for model in config.get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                # A swappable target is named by the settings, not by the model.
                if not isinstance(field, models.Field) or field.remote_field is None:
                    continue
                if getattr(field, "swappable_setting", None) is None:
                    target: type[models.Model] = field.remote_field.model
                    yield config, str(field), apps.get_app_config(target._meta.app_label)


def test_no_foreign_key_points_up_or_into_another_channel() -> None:
    wrong = [
        f"{field} points at {used.name}"
        for user, field, used in relations()
        if not may_name(user, used)
    ]
    assert not wrong, "keep an id and ask through api.py instead:\n" + "\n".join(wrong)


def test_no_migration_depends_on_a_layer_above() -> None:
    wrong = []
    for (label, name), migration in MigrationLoader(None).disk_migrations.items():
        user = apps.get_app_config(label)
        named = [*migration.dependencies, *migration.run_before]
        for dependency in named if user in OURS else []:
            swappable = getattr(dependency, "setting", None) is not None
            if not swappable and not may_name(user, apps.get_app_config(dependency[0])):
                wrong.append(f"{label}.{name} depends on {dependency[0]}.{dependency[1]}")
    assert not wrong, "\n".join(wrong)


def test_no_code_names_an_app_of_a_layer_above_in_a_string() -> None:
    """`apps.get_model("forms.Submission")`, a dotted path or a URL name would slip past imports."""
    wrong = []
    for config in OURS:
        forbidden = [other for other in OURS if not may_name(config, other)]
        names = "|".join(
            rf"{re.escape(other.name)}(?![\w.])|(?<![\w.-]){other.label}[.:][A-Za-z]\w*"
            for other in forbidden
        )
        if not names:
            continue
        quoted = re.compile(rf"""["'](?:{names})[\w.]*["']""")
        for path in sorted(Path(config.path).rglob("*")):
            if path.suffix in {".py", ".html"}:
                text = path.read_text("utf-8")
                wrong += [f"{path.relative_to(ROOT)}: {hit}" for hit in quoted.findall(text)]
    assert not wrong, "\n".join(wrong)


OTHER_TEMPLATE = re.compile(r"""{%\s*(?:include|extends)\s+["']([\w-]+)/""")
LOADED = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.label)
def test_templates_use_only_pieces_of_layers_below(config: AppConfig) -> None:
    by_label = {other.label: other for other in OURS}
    wrong = []
    for path in sorted(Path(config.path).rglob("templates/**/*.*")):
        text = path.read_text("utf-8")
        words = [word for line in LOADED.findall(text) for word in line.split()]
        for label in (*OTHER_TEMPLATE.findall(text), *words):
            other = by_label.get(label)
            if other and not may_name(config, other):
                wrong.append(f"{path.relative_to(ROOT)} uses {label}")
    assert not wrong, "\n".join(wrong)
