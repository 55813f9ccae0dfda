"""Which templates were rendered is known also of processes that the tests start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
from django.conf import settings
from django.template import engines
import django
settings.configure(TEMPLATES=[{
    "BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": ["."],
}])
django.setup()
print(engines["django"].get_template("page.txt").render({}))
"""


def test_a_rendered_template_and_those_it_uses_are_noted(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("({% block part %}{% endblock %})")
    (tmp_path / "piece.txt").write_text("piece")
    (tmp_path / "other.txt").write_text("never")
    page = "{% extends 'base.txt' %}{% block part %}{% include 'piece.txt' %}{% endblock %}"
    (tmp_path / "page.txt").write_text(page)
    notes = tmp_path / "notes"
    notes.mkdir()
    variables = os.environ | {"RENDERED_IN_TESTS": str(notes)}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=tmp_path, env=variables, check=True, capture_output=True)
    assert done.stdout.strip() == b"(piece)"
    (note,) = notes.iterdir()
    assert {Path(line).name for line in note.read_text().splitlines()} == {
        "base.txt",
        "piece.txt",
        "page.txt",
    }
