"""Notes which templates are rendered, in the tests and in every process that they start; and moves
the clock of processes that are told to live later.

Python imports this file at its start where its folder is on PYTHONPATH. Each process writes the
templates it rendered, one a line, to a file of its own in the folder RENDERED_IN_TESTS.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

SEEN: set[str] = set()


def note(origin: str) -> None:
    folder = os.environ.get("RENDERED_IN_TESTS")
    if folder and origin not in SEEN:
        SEEN.add(origin)
        with (Path(folder) / str(os.getpid())).open("a", encoding="utf-8") as file:
            file.write(f"{origin}\n")


def watch(template: Any) -> None:
    """Note every rendering, that of an included or extended template too."""
    render = template._render

    def _render(self: Any, context: Any) -> Any:
        note(str(self.origin))
        return render(self, context)

    template._render = _render


class Watch(importlib.abc.MetaPathFinder):
    """Watches Django's templates as soon as they are imported, and costs nothing before."""

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> Any:
        if fullname != "django.template.base":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        assert isinstance(spec, ModuleSpec)
        loader: Any = spec.loader
        execute = loader.exec_module

        def exec_module(module: Any) -> None:
            execute(module)
            watch(module.Template)

        loader.exec_module = exec_module
        return spec


def live_later(days: float) -> None:
    """Move the clock of this process that many days ahead."""
    import time  # noqa: PLC0415 - as the library below: most processes live now
    from datetime import UTC, datetime  # noqa: PLC0415

    import time_machine  # noqa: PLC0415

    there = datetime.fromtimestamp(time.time() + 86_400 * days, UTC)
    time_machine.travel(there, tick=True).start()


if "RENDERED_IN_TESTS" in os.environ:
    sys.meta_path.insert(0, Watch())
if "DAYS_AHEAD_IN_TESTS" in os.environ:
    live_later(float(os.environ["DAYS_AHEAD_IN_TESTS"]))
