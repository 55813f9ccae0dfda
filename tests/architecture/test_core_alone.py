"""The core is reusable: a project with nothing but the core and an app of its own works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ALONE = Path(__file__).resolve().parents[1] / "alone"


def test_a_project_with_only_the_core_passes_its_own_tests() -> None:
    ours = {name for name in os.environ if name.startswith(("PYTEST_", "DJANGO_"))}
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-m", "pytest", "-c", ALONE / "pytest.ini", "-q", ALONE]
    done = subprocess.run(
        command, cwd=ALONE, env=variables, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
