"""A contact form sent over HTTP: the CPU time of ours, beside the same form in plain Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import psutil
import psycopg

from bench.figure import Figure, Pair
from bench.places import POSTGRES, SQLITE, inside, installed
from bench.sending import Form
from bench.serving import Served, cpu_of, granian
from support.installations import Installation

ENGINES: Final = {"form_submit_sqlite": SQLITE, "form_submit_postgres": POSTGRES}
SENT: Final = 400  # forms a round
ROUNDS: Final = 5


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`form_submit_sqlite` and `form_submit_postgres`."""
    return {name: _figure(ENGINES[name]) for name in names}


def _figure(engine: str) -> Figure:
    with installed(engine, TROTH_FORMS_PER_MINUTE="1000000", TROTH_SECURE="0") as ours:
        pair = _measure(ours, _beside(ours))
    return Figure(
        round(pair.value * 1000, 2),
        "ms of CPU a form",
        f"plain Django on the same server ({pair.peers * 1000:.2f} ms)",
        round(pair.ours_to_peer, 2),
        f"Contact form of four fields on {engine}: two granian processes of four threads, four "
        "visitors at once; CPU of the web processes, of PostgreSQL's where it is the database, and "
        "of giving the ledger's entries their place. Both sides check a token against forgery, "
        "validate, and commit durably (WAL, synchronous=FULL or fsync=on). The plain site writes "
        "one row in clear. Ours also makes the person, the person's key in a database of its own, "
        "a sealed row for each value with a blind index, a permit for each purpose and category, "
        "the ledger's entry with a commitment, and the queued mail with its task. Sending the mail "
        "is not counted: the plain site sends none.",
    )


def _beside(ours: Installation) -> Installation:
    """The plain site, in the same folder or on the same server."""
    if "DATABASE_URL" in ours.environment:
        theirs = ours.environment["DATABASE_URL"]
        server = theirs.replace("postgres://", "postgresql://")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE plain")
        url = f"{theirs.rpartition('/')[0]}/plain"
    else:
        url = f"sqlite:///{ours.home / 'plain.sqlite3'}"
    own = {"PLAIN_URL": url, "DJANGO_SETTINGS_MODULE": "bench.plain.settings"}
    plain = replace(ours, environment=own)
    inside(plain, "plain_tables")
    return plain


def _measure(ours: Installation, plain: Installation) -> Pair:
    pair = Pair([], [])
    database = _postmaster(ours)
    with (
        granian("troth.hub.wsgi:application", ours.variables(), ours.home / "ours.log") as mine,
        granian("bench.plain.wsgi:application", plain.variables(), ours.home / "p.log") as theirs,
    ):
        forms = Form(mine.url, "/forms/contact"), Form(theirs.url, "/contact")
        for form in forms:
            form.fetch()
        for turn in range(ROUNDS + 1):
            numbers = range(turn * SENT, (turn + 1) * SENT)
            took = _cpu(forms[0], mine, database, numbers)
            took += inside(ours, "sequencing")["cpu"]
            peer = _cpu(forms[1], theirs, database, numbers)
            if turn:  # the first fills the caches of both
                pair.ours.append(took / SENT)
                pair.peer.append(peer / SENT)
    return pair


def _cpu(form: Form, served: Served, database: int | None, numbers: range) -> float:
    def taken() -> float:
        return served.cpu() + (cpu_of(database) if database else 0)

    before = taken()
    form.send(numbers)
    return taken() - before


def _postmaster(ours: Installation) -> int | None:
    """The process of the PostgreSQL server, which is a child of this one."""
    if ours.engine != "postgres":
        return None
    for process in psutil.Process().children():
        if "postgres" in process.name():
            return process.pid
    raise SystemExit("The PostgreSQL server was not found.")
