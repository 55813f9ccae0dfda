"""A small demo, made once for the tests of it, and served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.installations import Installation, Site, free_port, served

PEOPLE = 45  # few enough to be quick, enough for every kind of event


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A small demo of Comm100; `said` is what the first start printed."""
    base = tmp_path_factory.mktemp("demo")
    ports = {f"TROTH_{name}_PORT": str(free_port()) for name in ("SMTP", "TILL")}
    environment = {"TROTH_DEMO": "true"} | ports
    made = Installation(base / "comm100", "comm100", environment)
    done = made.run("demo", "--home", base, "--no-serve", "--people", str(PEOPLE))
    (base / "said").write_text(done.stdout, "utf-8")
    return made


@pytest.fixture(scope="session")
def demo_site(demo: Installation) -> Iterator[Site]:
    with served(demo) as site:
        yield site
