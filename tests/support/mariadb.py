"""A MariaDB server for the tests, on a socket in a folder of its own, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pymysql
import pytest

UNPACKED = Path(__file__).parents[2] / ".tools" / "mariadb"
PATIENCE = 60


@dataclass(frozen=True)
class MariaServer:
    """A running server that lets everybody in: only this account can reach its socket."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def socket(self) -> Path:
        return self.folder / "socket"

    def create_database(self) -> str:
        """Make an empty database; returns its address, as `troth connect` takes it."""
        name = f"shop_{uuid4().hex[:12]}"
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return f"mariadb://root@localhost/{name}?unix_socket={quote(str(self.socket), safe='')}"

    def connect(self, database: str | None = None) -> Any:
        return pymysql.connect(unix_socket=str(self.socket), user="root", database=database)


def program() -> tuple[Path, Path]:
    """The server and the folder it was installed to: the system's, or what the script fetched."""
    for start in (UNPACKED / "usr", Path("/usr")):
        found = start / "sbin" / "mariadbd"
        if found.exists():
            return found, start
    raise AssertionError("no MariaDB: run make test, which fetches it (scripts/mariadb.sh)")


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariaServer]:
    """The worker's own server. An empty data folder will do: nobody has to log in."""
    found, start = program()
    folder = Path(tempfile.mkdtemp(prefix="troth-maria-"))
    data = folder / "data"
    data.mkdir()
    libraries = start / "lib" / f"{os.uname().machine}-linux-gnu"
    command: list[str | Path] = ["setpriv", "--pdeathsig=TERM", found, "--no-defaults"]
    command += [f"--basedir={start}", f"--lc-messages-dir={start}/share/mysql"]
    command += [f"--datadir={data}", f"--socket={folder}/socket", f"--pid-file={folder}/pid"]
    command += ["--skip-grant-tables", "--skip-networking", "--innodb-flush-log-at-trx-commit=0"]
    if os.geteuid() == 0:
        command.append("--user=root")
    with (folder / "log").open("wb") as log:
        environment = os.environ | {"LD_LIBRARY_PATH": str(libraries)}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    server = MariaServer(folder, process)
    try:
        _wait(server)
        yield server
    finally:
        process.kill()  # what it has not written yet goes with its folder
        process.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: MariaServer) -> None:
    deadline = time.monotonic() + PATIENCE
    while b"ready for connections" not in (server.folder / "log").read_bytes():
        alive = server.process.poll() is None and time.monotonic() < deadline
        assert alive, "MariaDB did not start:\n" + (server.folder / "log").read_text()
        time.sleep(0.05)
