"""The benchmarks: how fast the promises of docs/benchmarks.md are kept. Never run by the tests."""

from __future__ import annotations

import sys
from pathlib import Path

# Installations and PostgreSQL are started as the tests start them.
sys.path.append(str(Path(__file__).parents[1] / "tests"))
