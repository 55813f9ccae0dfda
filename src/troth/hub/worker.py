"""The worker: delivers mail, runs tasks, and gives ledger entries their place.

One process with two loops: the task queue of django-tasks in the main thread, and the ledger's
sequencer beside it. With PostgreSQL several workers may run; the sequencer's lock lets one at a
time write.
"""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections

from troth.hub.setup import start

SEQUENCE_EVERY = 1.0  # seconds; a person's timeline shows acts before they have their place
logger = logging.getLogger("troth.worker")


def sequence_until(stop: threading.Event) -> None:
    """Append what waits to the ledgers, again and again, whatever becomes of one of them.

    A failure is told once, and again after it was another one or none.
    """
    from troth.core.ledger.api import sequence  # noqa: PLC0415

    told = ""
    while not stop.wait(SEQUENCE_EVERY):
        try:
            sequence()
            told = ""
        except Exception as error:
            if told != (told := type(error).__name__):
                logger.exception("A ledger could not be extended; it is tried again.")
            close_old_connections()


def main() -> None:
    """Run until a signal comes."""
    start()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    stop = threading.Event()
    thread = threading.Thread(target=sequence_until, args=(stop,), name="sequencer")
    thread.start()
    mailbox = None
    if settings.DEMO:
        from troth.hub.demo.mailbox import server  # noqa: PLC0415

        mailbox = server(settings.HOME, settings.EMAIL_PORT)
    try:
        call_command("db_worker", interval=0.5, startup_delay=False, verbosity=0)
    finally:
        stop.set()
        thread.join()
        if mailbox is not None:
            mailbox.stop()


if __name__ == "__main__":
    main()
