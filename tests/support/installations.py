"""Real installations, made by the command line in a temporary folder, and served."""

from __future__ import annotations

import fcntl
import http.client
import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from support.commands import Commands
from support.postgres import PostgresServer

TROTH = Path(sys.executable).with_name("troth")
PATIENCE = 60


@dataclass(frozen=True)
class Installation:
    """One installation on disk, worked through the command line as its owner would."""

    home: Path
    company: str = "comm100"
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        return "postgres" if "DATABASE_URL" in self.environment else "sqlite"

    def run(
        self, *arguments: str | Path, check: bool = True, stdin: str = "", days_ahead: float = 0
    ) -> subprocess.CompletedProcess[str]:
        """`troth ARGUMENTS` on this installation; with `check` a failure fails the test.

        `days_ahead` moves the clock of that process, and of no other.
        """
        done = self._done([str(one) for one in arguments], stdin, days_ahead)
        said = f"troth {' '.join(map(str, arguments))}:\n{done.stdout}\n{done.stderr}"
        assert not check or done.returncode == 0, said
        return done

    def _done(
        self, words: list[str], stdin: str, days_ahead: float
    ) -> subprocess.CompletedProcess[str]:
        later = {"DAYS_AHEAD_IN_TESTS": str(days_ahead)} if days_ahead else {}
        return subprocess.run(
            [TROTH, *words],
            check=False,
            env=self.variables() | later,
            input=stdin,
            capture_output=True,
            text=True,
        )

    def variables(self) -> dict[str, str]:
        """The environment of its processes: this machine's, without anyone's own installation."""
        ours = re.compile(r"^(TROTH_|DATABASE_URL$|KEYRING_URL$|DJANGO_)")
        inherited = {key: value for key, value in os.environ.items() if not ours.match(key)}
        # Served without TLS here; `TROTH_SECURE="true"` tests what it is like behind a proxy.
        ours_now = {"TROTH_HOME": str(self.home), "TROTH_SECURE": "false"}
        return inherited | ours_now | self.environment


@dataclass(frozen=True)
class Site(Installation):
    """An installation that `troth serve` is serving. Everything it prints is in `log`."""

    port: int = 0
    commands: Commands | None = field(default=None, compare=False, repr=False)
    """What runs commands on it while it is served."""

    def _done(
        self, words: list[str], stdin: str, days_ahead: float
    ) -> subprocess.CompletedProcess[str]:
        kept = self.commands
        if kept is not None and kept.take(words, self.environment):
            return kept.run(*words, stdin=stdin, days_ahead=days_ahead)
        return super()._done(words, stdin, days_ahead)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.home / "serve.log"


def create(home: Path, *, company: str = "comm100", **environment: str) -> Installation:
    """`troth init` in an empty folder."""
    installation = Installation(home, company, environment)
    installation.run("init", "--company", company)
    return installation


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = itertools.cycle(range(10_000 + _WORKER % 5 * 4_000, 14_000 + _WORKER % 5 * 4_000, 2))
for _ in range(os.getpid() % 2_000):  # Another run on this machine begins elsewhere.
    next(_PORTS)


def free_port() -> int:
    """A port of loopback that is free, as is the one after it, where `troth serve` talks live.

    From a range of this process alone, below the one that outgoing connections get theirs from:
    until the server has started, nothing else takes it.
    """
    return next(port for port in _PORTS if _is_free(port) and _is_free(port + 1))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers bind: what lingers of a connection that has ended is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@contextmanager
def served(installation: Installation, *parts: str, workers: int = 1) -> Iterator[Site]:
    """`troth serve` on a free port of loopback until the block ends.

    With `parts` only those run: a process that does nothing for a test takes two seconds to start.
    """
    there = installation
    commands = Commands(there.variables(), there.environment)
    site = Site(there.home, there.company, there.environment, free_port(), commands)
    command = [TROTH, "serve", "--port", str(site.port), "--workers", str(workers)]
    command += [word for part in parts for word in ("--part", part)]
    # It knows where it is reached, as an installation's settings would say.
    variables = {"TROTH_URL": site.url} | site.variables()
    with site.log.open("ab") as log:
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
    try:
        _wait(site, process)
        yield site
    finally:
        commands.close()
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()


def _wait(site: Site, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        try:  # Whether the answer is right is for the tests to say.
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            alive = process.poll() is None and time.monotonic() < deadline
            assert alive, f"troth serve did not answer:\n{site.log.read_text('utf-8')}"
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()


def postgres_environment(server: PostgresServer) -> dict[str, str]:
    """Two new databases, for what an installation holds and for its keys."""
    unique = uuid4().hex[:12]
    return {
        "DATABASE_URL": server.create_database(f"troth_{unique}"),
        "KEYRING_URL": server.create_database(f"keyring_{unique}"),
    }


@pytest.fixture(scope="session")
def make_installation(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[..., Installation]:
    """Make a further installation: `make_installation(company="com1", engine="postgres")`."""

    def make(
        *, company: str = "comm100", engine: str = "sqlite", **environment: str
    ) -> Installation:
        if engine == "postgres":
            server: PostgresServer = request.getfixturevalue("postgres_server")
            environment = postgres_environment(server) | environment
            return create(tmp_path_factory.mktemp(engine), company=company, **environment)
        made = _made_once(tmp_path_factory, company)
        home = tmp_path_factory.mktemp(engine)
        shutil.copytree(made, home, dirs_exist_ok=True)
        return Installation(home, company, environment)

    return make


def _made_once(folders: pytest.TempPathFactory, company: str) -> Path:
    """A company's installation on SQLite to copy, made once for all processes of this run: what
    `troth init` does takes seconds, and is the same each time. Several runs share those in the
    folder MADE_IN_TESTS.
    """
    base = folders.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    shared = Path(os.environ.get("MADE_IN_TESTS", shared))
    home = shared / f"made-{company}"
    with (shared / f"made-{company}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "made").exists():
            home.mkdir(mode=0o700, exist_ok=True)
            create(home, company=company)
            (home / "made").touch(mode=0o600)
    return home


@pytest.fixture(scope="session")
def installation(make_installation: Callable[..., Installation]) -> Installation:
    """An installation on SQLite, shared by the worker's tests."""
    return make_installation()


@pytest.fixture(scope="session")
def pg_installation(make_installation: Callable[..., Installation]) -> Installation:
    """The same on PostgreSQL."""
    return make_installation(engine="postgres")


@pytest.fixture(scope="session")
def site(installation: Installation) -> Iterator[Site]:
    """The SQLite installation, served."""
    with served(installation, "web", "worker") as running:
        yield running


@pytest.fixture(scope="session")
def pg_site(pg_installation: Installation) -> Iterator[Site]:
    """The PostgreSQL installation, served."""
    with served(pg_installation, "web", "worker") as running:
        yield running


ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session", params=ENGINES)
def any_installation(request: pytest.FixtureRequest) -> Any:
    """A test with this fixture runs twice: on SQLite and on PostgreSQL."""
    return request.getfixturevalue("pg_" * (request.param == "postgres") + "installation")


@pytest.fixture(scope="session", params=ENGINES)
def any_site(request: pytest.FixtureRequest) -> Any:
    """As `any_installation`, served."""
    return request.getfixturevalue("pg_" * (request.param == "postgres") + "site")
