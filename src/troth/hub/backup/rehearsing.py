"""Restoring for practice: a backup is put back beside the installation, looked through, and thrown
away. That it worked is on the ledger of each organisation.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction

from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.keyring import erasures
from troth.core.ledger.api import record
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.hub.backup import acts
from troth.hub.backup.making import engine


def rehearse(path: Path, *, secret: Path | None = None) -> None:
    """Restore a backup into a folder of its own and verify every ledger there. Raises `Invalid`
    where one of the two fails, and on PostgreSQL, where it needs databases of its own.
    """
    if engine() != "sqlite":
        raise Invalid(
            "A backup of PostgreSQL is not rehearsed by itself.",
            why="It would need two databases beside yours.",
            do="Name two empty ones in DATABASE_URL and KEYRING_URL, and run `troth restore`.",
        )
    with TemporaryDirectory(prefix="rehearsed-", dir=settings.HOME.folder) as folder:
        kept = erasures.path()
        log = ["--erasures", str(kept)] if kept is not None and kept.exists() else []
        sealed = ["--passphrase-file", str(secret)] if secret else []
        _run(folder, "restore", str(path), *log, *sealed)
        for organisation in Organisation.objects.all():  # what waited for its place gets it first
            _run(folder, "ledger", "checkpoint", "--organisation", organisation.slug)
        _run(folder, "ledger", "verify")
    for organisation in Organisation.objects.all():
        with scope(organisation), transaction.atomic():
            record(
                act=acts.REHEARSED,
                organisation=organisation.pk,
                actor=Actor.system("cli"),
                detail={"made": datetime.now(UTC).date()},
            )


def _run(folder: str, *arguments: str) -> None:
    """A command in a process of its own, which knows nothing of the databases in use here."""
    elsewhere = {
        "TROTH_HOME": folder,
        "TROTH_MASTER_KEY_FILE": str(settings.HOME.master_key_file),
    }
    ours = {"DATABASE_URL", "KEYRING_URL", "TROTH_ERASURE_LOG"}
    variables = {key: value for key, value in os.environ.items() if key not in ours}
    command = [sys.executable, "-c", "from troth.hub.cli import main; main()", *arguments]
    done = subprocess.run(  # noqa: S603 - our own
        command, env=variables | elsewhere, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Invalid(
            f"The rehearsal failed at `troth {arguments[0]}`.",
            why=(done.stderr or done.stdout).strip()[-500:],
            do="Make another backup, and rehearse that; keep this one apart.",
        )
