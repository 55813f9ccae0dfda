"""Filling a new demo: staff, people and a history, all through the real gate and actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from django.db import connections, transaction
from django.db.backends.signals import connection_created
from django_tasks_db.models import DBTaskResult

from troth.core import clock
from troth.core.ledger.api import sequence
from troth.core.notices.models import PolicyVersion
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.hub.commands.install import install
from troth.hub.demo import (
    campaigning,
    conversing,
    gathering,
    helping,
    marks,
    naming,
    requesting,
    selling,
    visiting,
)
from troth.hub.demo.cast import cast
from troth.hub.demo.earlier import earlier
from troth.hub.demo.history import MONTHS, History
from troth.hub.demo.staff import Login, make_staff, remember
from troth.hub.demo.vouching import vouch
from troth.hub.home import Home
from troth.kit.outbox.models import Message

PASSWORD: Final = "demo customers need no secrets"  # noqa: S105 - of generated people, printed at start
FRESH: Final = timedelta(days=2)
"""Mail of these last days is really sent, so that the mailbox has something to read."""


def make_demo(
    home: Home, policy: Path, *, people: int, told: Callable[[int, int], None]
) -> Organisation:
    """Install the company and give it a past. `told` hears of progress: done and total.

    The folder is claimed already (`marks.claim`). Raises `DemoInvalid` when a database is not new.
    """
    _look()
    connection_created.connect(_hurry)
    now = clock.now()
    source = policy.read_text("utf-8")
    before = earlier(policy.stem, source)
    with clock.at(now - MONTHS - timedelta(days=7)):
        organisation = install(str(_as_file(home, policy, before)))
        with scope(organisation):
            staff = make_staff(home, organisation)
            vouch()
    with scope(organisation):
        company = current().policy.company
        history = History(
            organisation,
            cast(company.country or "US", people, seed=policy.stem),
            staff,
            now,
            Random(policy.stem),  # noqa: S311 - repeatable on purpose
            PASSWORD,
        )
        newest = PolicyVersion.objects.values_list("source", flat=True).first()
        history.plan(source if newest != source else None)
        campaigning.plan(history)
        requesting.plan(history)
        conversing.plan(history)
        naming.plan(history)
        selling.plan(history)
        gathering.plan(history)
        helping.plan(history)
        history.run(told)
        campaigning.leave_open(history)
        customer = next((h for n, h in enumerate(history.humans) if n % 16 == 3), None)  # noqa: PLR2004
        if customer is not None:
            remember(home, [Login("customer", customer.email, PASSWORD)])
        _settle_mail()
        conversing.settle()
        visiting.past_visits(history.choose)
    sequence()
    connection_created.disconnect(_hurry)
    connections.close_all()
    marks.finish(home)
    return organisation


def _look() -> None:
    """Only files in the demo's own folder are ever cleared: any other database has to be new."""
    for connection in connections.all():
        if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
            continue  # looking would make it
        if connection.introspection.table_names():
            raise marks.DemoInvalid(
                f"The demo cannot be made: its {connection.alias} database is not empty.",
                why="An earlier start was interrupted, or the database is somebody else's; only "
                "files in the demo's own folder are ever cleared.",
                do="Give it a new, empty database, or unset DATABASE_URL and KEYRING_URL.",
            )


def _hurry(connection: Any, **_: Any) -> None:
    """Do not wait for the disk: a demo that a power cut interrupts is made anew."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


def _as_file(home: Home, policy: Path, before: str | None) -> Path:
    """The earlier version as a file of the same name, which names the organisation."""
    if before is None:
        return policy
    home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home.folder / "earlier" / policy.name
    path.parent.mkdir(exist_ok=True)
    path.write_text(before, "utf-8")
    return path


def _settle_mail() -> None:
    """Old mail went out in its time; only what is fresh is left for the worker."""
    with transaction.atomic():
        old = Message.objects.filter(state=Message.State.QUEUED, queued_at__lt=clock.now() - FRESH)
        for message in old:
            message.state, message.sent_at = Message.State.ACCEPTED, message.queued_at
        gone = [str(message.pk) for message in old]
        Message.objects.bulk_update(old, ["state", "sent_at"], batch_size=200)
        for result in DBTaskResult.objects.filter(status="READY"):
            if set(result.args_kwargs["args"]) & set(gone):
                result.delete()
