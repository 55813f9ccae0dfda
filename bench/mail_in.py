"""Mail to tickets: handed in over SMTP, a ticket each, and the acknowledgement handed out."""

from __future__ import annotations

import json
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import psutil
import psycopg

from bench.figure import Figure
from bench.mails import mail
from bench.places import POSTGRES, ROOT, inside, installed
from bench.serving import cpu_of, end
from bench.sinks import smtp_sink
from support.installations import Installation, free_port

MAILS: Final = 10_000
HANDS: Final = 2  # connections mail comes in over
PEER_MAILS: Final = 500
PEERS: Final = 14.0
"""ms of CPU a mail that django-helpdesk took on a machine such as this, where it is not here."""
PATIENCE: Final = 900.0


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`mail_in`. TROTH_BENCH_MAILS takes fewer; HELPDESK_PYTHON measures the peer beside it."""
    count = int(os.environ.get("TROTH_BENCH_MAILS", MAILS))
    inbound = free_port()
    with smtp_sink() as sink:
        settings = {"TROTH_INBOUND_PORT": str(inbound), "TROTH_SMTP_PORT": str(sink)}
        with installed(POSTGRES, TROTH_SECURE="0", **settings) as ours:
            found = _ours(ours, inbound, count)
            peer = _peer(ours, sink)
    each = found["cpu"] / count * 1000
    theirs = peer["cpu"] / peer["tickets"] * 1000 if peer else PEERS
    said = (
        f"measured beside it: {peer['tickets'] / peer['seconds']:.0f}/s"
        if peer
        else "measured elsewhere: 54/s"
    )
    return {
        "mail_in": Figure(
            round(each, 2),
            "ms of CPU a mail",
            f"django-helpdesk ({theirs:.1f} ms of CPU in Python, {said})",
            round(theirs / each, 2),
            f"{count:,} mails over {HANDS} SMTP connections, each from somebody new: "
            f"{count / found['seconds']:.0f}/s until the last acknowledgement was handed to the "
            f"mail server; PostgreSQL with fsync took {found['database'] / count * 1000:.2f} ms of "
            "CPU a mail more. The figure is all CPU of the worker: the SMTP server, each mail "
            "sealed on the disk before its 250, reading it, person, key, ticket, message and the "
            "ledger's entries in one transaction, their place in the tree, and a DKIM-signed "
            "acknowledgement. The peer is given the mail as text, stores it in clear, and sends "
            "its acknowledgement unsigned.",
        )
    }


def _ours(ours: Installation, port: int, count: int) -> dict[str, float]:
    to = str(inside(ours, "desk_address")["address"])
    log = ours.home / "worker.log"
    with log.open("wb") as file:
        worker = subprocess.Popen(
            [sys.executable, "-m", "troth.hub.worker"],
            env=ours.variables(),
            cwd=ROOT,
            stdout=file,
            stderr=file,
        )
    try:
        _wait(port, worker, log)
        database = _postmaster()
        _hand_in(range(20), port, to)
        _until(ours, 20)
        cpu, base = cpu_of(worker.pid), cpu_of(database)
        started = time.perf_counter()
        parts = [range(20 + start, 20 + count, HANDS) for start in range(HANDS)]
        with ThreadPoolExecutor(HANDS) as pool:
            list(pool.map(lambda part: _hand_in(part, port, to), parts))
        _until(ours, 20 + count)
        took = time.perf_counter() - started
        return {
            "seconds": took,
            "cpu": cpu_of(worker.pid) - cpu,
            "database": cpu_of(database) - base,
        }
    finally:
        end(worker)


def _hand_in(numbers: range, port: int, to: str) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in numbers:
            client.sendmail(f"p{number}@people.example", [to], mail(number, to))


def _until(ours: Installation, count: int) -> None:
    """Until so many acknowledgements have left."""
    address = ours.environment["DATABASE_URL"].replace("postgres://", "postgresql://")
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT set_config('troth.scope', '*', false)")
        while True:
            row = connection.execute(
                "SELECT count(*) FROM conversations_outgoing WHERE left_at IS NOT NULL"
            ).fetchone()
            if row is not None and row[0] >= count:
                return
            if time.monotonic() > deadline:
                raise SystemExit(f"Only {row} of {count} acknowledgements left.")
            time.sleep(0.5)


def _wait(port: int, worker: subprocess.Popen[bytes], log: Any) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            smtplib.SMTP("127.0.0.1", port).quit()
        except OSError:
            if worker.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The worker does not answer:\n{log.read_text()}") from None
            time.sleep(0.1)
        else:
            return


def _postmaster() -> int:
    for process in psutil.Process().children():
        if "postgres" in process.name():
            return process.pid
    raise SystemExit("The PostgreSQL server was not found.")


def _peer(ours: Installation, sink: int) -> dict[str, float]:
    """django-helpdesk on the same server, where HELPDESK_PYTHON says where it is."""
    python = os.environ.get("HELPDESK_PYTHON")
    if not python:
        return {}
    address = ours.environment["DATABASE_URL"]
    with psycopg.connect(address.replace("postgres://", "postgresql://"), autocommit=True) as made:
        made.execute("CREATE DATABASE helpdesk")
    url = f"{address.rpartition('/')[0]}/helpdesk"
    program = ROOT / "bench" / "peers" / "mail_desk.py"
    done = subprocess.run(
        [python, program, url, str(sink), str(PEER_MAILS)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"The peer failed:\n{done.stdout}{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
