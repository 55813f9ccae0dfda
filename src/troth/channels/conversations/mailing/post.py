"""The thread that carries mail: sends what is due, and fetches from mailboxes elsewhere."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Final

from django.db import close_old_connections, connections

from troth.channels.conversations.mailing import outgoing
from troth.core.keyring.opening import forget
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.kit.inbound import imap
from troth.kit.mail import transport
from troth.kit.mail.pipeline import Pipeline

PAUSE: Final = 0.5  # seconds between two looks for what is due
FETCH_EVERY: Final = 30.0
logger = logging.getLogger("troth.worker")


class Post:
    """Carries mail until `stop`, on a connection to the mail server that is kept."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="post")
        self._fetched = -FETCH_EVERY
        self._told = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pipeline: Pipeline[Any] = Pipeline(transport())
        while not self._stop.is_set():
            try:
                sent = carry(pipeline)
                self._fetch()
                self._told = ""
            except Exception as error:  # whatever it is, mail goes on later
                sent, kind = 0, type(error).__name__
                if kind != self._told:
                    logger.exception("Mail of conversations stands still; it is tried again.")
                self._told = kind
            close_old_connections()
            if not sent:
                self._stop.wait(PAUSE)
        pipeline.close()
        connections.close_all()

    def _fetch(self) -> None:
        if time.monotonic() - self._fetched >= FETCH_EVERY:
            self._fetched = time.monotonic()
            imap.fetch_all()


def carry(pipeline: Pipeline[Any] | None = None) -> int:
    """Send what is due of all organisations. Returns how many messages were taken up."""
    count = 0
    for organisation in Organisation.objects.all():
        forget()
        with scope(organisation):
            count += outgoing.send_due(pipeline)
    return count
