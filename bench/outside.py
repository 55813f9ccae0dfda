"""Requests that reach an outside database: access, many of them, and erasure."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.figure import Figure
from bench.places import inside, processor
from support.installations import create, postgres_environment
from support.postgres import stop, temporary

PEOPLE: Final = 120
ROUNDS: Final = 20


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`access_outside`, `access_queue` and `erase_outside`."""
    server = temporary(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="troth-bench-") as folder:
            environment = postgres_environment(server)
            environment["DJANGO_SETTINGS_MODULE"] = "troth.hub.settings"
            installation = create(Path(folder, "home"), company="comm100", **environment)
            server.create_database("shop")
            shop = f"postgresql://troth@/shop?host={server.folder}"
            found = inside(installation, "outside", shop, str(PEOPLE), str(ROUNDS))
    finally:
        stop(server)
    there = (
        f"A shop's database of {found['rows']:,} rows in five related tables, 100 of them the "
        f"person's, on the same PostgreSQL as the installation, with fsync on. {processor()}."
    )
    figures = {
        "access_outside": Figure(
            round(found["access"], 4),
            "s",
            "none",
            None,
            f"From the request to all parts of the package, own store included. Of it the shop's "
            f"{found['fields']} fields: {found['found'] * 1000:.1f} ms. To the zip file with its "
            f"pages and pictures: {found['packed']:.3f} s. {there}",
        ),
        "access_queue": Figure(
            round(found["queued"], 1),
            "requests/s",
            "none",
            None,
            f"{PEOPLE} requests by two workers, each request from its receipt to its parts; "
            f"{found['cpu'] * 1000:.0f} ms of a worker's CPU time each. {there}",
        ),
        "erase_outside": Figure(
            round(found["erase"], 4),
            "s",
            "none",
            None,
            f"From the request to done, own store and all reading back included. Of it the shop, "
            f"read back in the transaction, after it and at the end: "
            f"{found['alone'] * 1000:.1f} ms. {there}",
        ),
    }
    return {name: figures[name] for name in names}
