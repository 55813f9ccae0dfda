"""A whole run fails for templates it left unrendered: a page nobody looked at is not tested."""

from __future__ import annotations

import os
import runpy
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WATCHED = Path(__file__).with_name("watched")
FOLDER = "RENDERED_IN_TESTS"  # not TROTH_…: installations under test start without those

# The workers are started with this environment, and so is everything that they start.
os.environ.setdefault(FOLDER, tempfile.mkdtemp(prefix="troth-rendered-"))
if str(WATCHED) not in sys.path:
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, (str(WATCHED), os.environ.get("PYTHONPATH")))
    )
# This process has started already, perhaps with a sitecustomize of the machine's.
note = runpy.run_path(str(WATCHED / "sitecustomize.py"))["note"]


def pytest_sessionstart() -> None:
    """Django's test client renders its own way, and tells of it by a signal."""
    from django.test.signals import template_rendered  # noqa: PLC0415 - after the settings

    template_rendered.connect(lambda template, **_: note(str(template.origin)), weak=False)


def templates() -> set[str]:
    found = (ROOT / "src").rglob("templates/**/*")
    return {str(path) for path in found if path.is_file()}


def rendered() -> set[str]:
    notes = Path(os.environ[FOLDER]).iterdir()
    return {line for note in notes for line in note.read_text("utf-8").splitlines()}


def whole(config: pytest.Config) -> bool:
    """Whether nothing was left out of the run."""
    asked_for_all = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return asked_for_all and not config.option.keyword and not config.option.markexpr


def unseen(config: pytest.Config) -> list[str]:
    """The templates that a whole run left unrendered."""
    if hasattr(config, "workerinput") or not whole(config):
        return []
    return sorted(templates() - rendered())


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK and unseen(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if left := unseen(config):
        terminalreporter.section("templates that no test rendered", sep="=", red=True, bold=True)
        for path in left:
            terminalreporter.line(str(Path(path).relative_to(ROOT)))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)
