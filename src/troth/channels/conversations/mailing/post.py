"""The threads that carry mail: one sends what is due, one fetches from mailboxes elsewhere."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Final

from django.db import close_old_connections, connections

from troth.channels.conversations.mailing import outgoing
from troth.channels.conversations.models import Outgoing
from troth.core import clock
from troth.core.keyring.opening import forget
from troth.core.organisations.scope import everywhere, scope
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
        self._pipeline: Pipeline[Any] = Pipeline(transport())
        # A mailbox that does not answer keeps no answer from leaving.
        self._threads = [
            threading.Thread(target=self._run, args=(self._send, PAUSE), name="post-out"),
            threading.Thread(target=self._run, args=(imap.fetch_all, FETCH_EVERY), name="post-in"),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._pipeline.close()

    def _send(self) -> int:
        return carry(self._pipeline)

    def _run(self, work: Callable[[], int], pause: float) -> None:
        told = ""
        while not self._stop.is_set():
            done = 0
            try:
                done = work()
                told = ""
            except Exception as error:  # whatever it is, mail goes on later
                kind = type(error).__name__
                if kind != told:
                    logger.exception("Mail of conversations stands still; it is tried again.")
                told = kind
            close_old_connections()
            if not done:
                self._stop.wait(pause)
        connections.close_all()


def carry(pipeline: Pipeline[Any] | None = None) -> int:
    """Send what is due of all organisations. Returns how many messages were taken up."""
    forget()
    with everywhere("whose mail is due"):
        due = Outgoing.objects.filter(left_at=None, due_at__lte=clock.now())
        whose = list(due.values_list("organisation_id", flat=True).order_by().distinct())
    count = 0
    for organisation in whose:
        try:
            with scope(organisation):
                count += outgoing.send_due(pipeline)
        except Exception as error:  # noqa: BLE001 - what stops one organisation's stops no other's
            # By its kind alone: an error may hold words of a mail.
            logger.error("Mail of one organisation stands still: %s", type(error).__name__)  # noqa: TRY400
    return count
