"""The kit's own small project, served as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.installations import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30


@pytest.fixture(scope="session")
def guide() -> Iterator[str]:
    """Where the style guide is served, with nothing installed but the kit."""
    port = free_port()
    # What is on the path already notes the templates that are rendered (support/rendered.py).
    path = filter(None, (str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH")))
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.kit.settings",
        "PYTHONPATH": os.pathsep.join(path),
    }
    address = f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "django", "runserver", "--noreload", "--insecure", address]
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(f"http://{address}/kit/styleguide", process)
            yield f"http://{address}/kit/styleguide"
        finally:
            process.terminate()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the kit alone does not start"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the kit alone did not answer in time")
