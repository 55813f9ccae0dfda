"""The worker: delivers mail, runs tasks, and gives ledger entries their place.

One process with two loops: the task queue of django-tasks in the main thread, and the ledger's
sequencer beside it, which also forgets what throttles counted. With PostgreSQL several workers may
run; the sequencer's lock lets one at a time write.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from django.db import close_old_connections, connections

from troth.hub.setup import start

SEQUENCE_EVERY = 1.0  # seconds; a person's timeline shows acts before they have their place
FORGET_EVERY = 300.0
TIDY_EVERY = 3600.0
IMPORTS_EVERY = 30.0
DESK_EVERY = 10.0
REQUESTS_EVERY = 30.0
logger = logging.getLogger("troth.worker")


@dataclass
class _Job:
    """What is done again and again, whatever becomes of it.

    A failure is told once, and again after it was another one or none.
    """

    name: str
    every: float  # seconds
    run: Callable[[], object]
    due: float = 0
    told: str = ""

    def go_on(self) -> None:
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + self.every
        try:
            self.run()
            self.told = ""
        except Exception as error:
            kind = type(error).__name__
            if kind != self.told:
                logger.exception("%s; it is tried again.", self.name)
            self.told = kind
            close_old_connections()


def everywhere_until_none(run: Callable[[], int]) -> None:
    """Do a job that says how much it did in each organisation until nothing is left there."""
    from troth.core.organisations.models import Organisation  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415

    for organisation in Organisation.objects.all():
        with scope(organisation):
            while run():
                pass


def everywhere_once(run: Callable[[], int]) -> None:
    """Do a job in each organisation, whatever is left there."""
    from troth.core.organisations.models import Organisation  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415

    for organisation in Organisation.objects.all():
        with scope(organisation):
            run()


def sequence_until(stop: threading.Event) -> None:
    """Append what waits to the ledgers; now and then forget what nobody needs any more."""
    from troth.channels.accounts.api import tidy  # noqa: PLC0415
    from troth.channels.agents import api as agents  # noqa: PLC0415
    from troth.channels.billing import api as billing  # noqa: PLC0415
    from troth.channels.cases import api as casework  # noqa: PLC0415
    from troth.channels.community import api as community  # noqa: PLC0415
    from troth.channels.conversations import api as desk  # noqa: PLC0415
    from troth.channels.domains import api as domains  # noqa: PLC0415
    from troth.channels.forms.api import forget_expired  # noqa: PLC0415
    from troth.channels.imports.api import Keeper  # noqa: PLC0415
    from troth.channels.recipients import api as recipients  # noqa: PLC0415
    from troth.channels.referral import api as referral  # noqa: PLC0415
    from troth.channels.remote import api as remote  # noqa: PLC0415
    from troth.channels.rights import api as requests  # noqa: PLC0415
    from troth.channels.surveys import api as surveys  # noqa: PLC0415
    from troth.channels.web import api as web  # noqa: PLC0415
    from troth.core.choices.deciding import expire  # noqa: PLC0415
    from troth.core.ledger.api import sequence  # noqa: PLC0415
    from troth.core.retention import api as retention  # noqa: PLC0415
    from troth.core.rights.upkeep import Upkeep  # noqa: PLC0415
    from troth.hub.stranded import take_up  # noqa: PLC0415
    from troth.kit.throttle.counting import forget_past  # noqa: PLC0415

    jobs = [
        _Job("A ledger could not be extended", 0, sequence),
        _Job("Past counts of the throttles are still there", FORGET_EVERY, forget_past),
        _Job("Old sessions and log-ins are still there", TIDY_EVERY, tidy),
        _Job(
            "Yeses that ran out are not noted", TIDY_EVERY, partial(everywhere_until_none, expire)
        ),
        _Job(
            "Sign-ups that nobody confirmed are still there",
            TIDY_EVERY,
            partial(everywhere_until_none, forget_expired),
        ),
        _Job(
            "Orders that were begun and not placed are still there",
            TIDY_EVERY,
            partial(everywhere_until_none, billing.forget_expired),
        ),
        _Job(
            "Orders of domains that nobody confirmed are still there",
            TIDY_EVERY,
            partial(everywhere_until_none, domains.forget_expired),
        ),
        _Job(
            "Invitations that could not be delivered are still there",
            TIDY_EVERY,
            partial(everywhere_until_none, referral.forget_expired),
        ),
        _Job(
            "Recipients may not be told what people asked for",
            REQUESTS_EVERY,
            partial(everywhere_until_none, requests.follow_up),
        ),
        _Job(
            "The staff may not be reminded of requests that are pressing",
            REQUESTS_EVERY,
            partial(everywhere_until_none, requests.remind),
        ),
        _Job(
            "Agents may not hear what became of requests",
            REQUESTS_EVERY,
            partial(everywhere_until_none, agents.call_back),
        ),
        _Job(
            "Digests of agents' old messages are still there",
            TIDY_EVERY,
            partial(everywhere_until_none, agents.forget_past),
        ),
        _Job(
            "Customers whose time to refuse is over are not in the list",
            TIDY_EVERY,
            partial(everywhere_until_none, community.publish_due),
        ),
        _Job(
            "Surveys may be open past their time",
            REQUESTS_EVERY,
            partial(everywhere_until_none, surveys.close_due),
        ),
        _Job(
            "Orders that nobody paid are still there",
            TIDY_EVERY,
            partial(everywhere_until_none, billing.lapse),
        ),
        _Job(
            "What was held back from recipients still is",
            REQUESTS_EVERY,
            partial(everywhere_once, recipients.go_on),  # what still may not go is held again
        ),
        _Job("Chats may wait unseen", DESK_EVERY, partial(everywhere_until_none, desk.hand_out)),
        _Job(
            "Missed targets are not told",
            DESK_EVERY,
            partial(everywhere_until_none, desk.note_overdue),
        ),
        _Job(
            "Remote sessions may run past their time",
            DESK_EVERY,
            partial(everywhere_until_none, remote.end_overdue),
        ),
        _Job(
            "Codes nobody used are still noted",
            TIDY_EVERY,
            partial(everywhere_until_none, remote.forget_unused),
        ),
        _Job(
            "Chats left idle are still open",
            DESK_EVERY,
            partial(everywhere_until_none, desk.close_idle),
        ),
        _Job(
            "Secure forms of ended chats are still there",
            DESK_EVERY,
            partial(everywhere_until_none, desk.end_forms),
        ),
        _Job(
            "Mails nobody decided about are still there",
            TIDY_EVERY,
            partial(everywhere_until_none, desk.forget_stuck),
        ),
        _Job(
            "Files that wait for a scanner may wait on",
            DESK_EVERY,
            partial(everywhere_until_none, desk.scan_waiting),
        ),
        _Job(
            "Files that were never sent are still there",
            TIDY_EVERY,
            partial(everywhere_until_none, desk.forget_unsent),
        ),
        _Job(
            "People of a case may not be told",
            DESK_EVERY,
            partial(everywhere_until_none, casework.follow_up),
        ),
        _Job(
            "What was written in old cases is still there",
            TIDY_EVERY,
            partial(everywhere_until_none, casework.forget_past),
        ),
        _Job(
            "Keys of days that are over are still there",
            TIDY_EVERY,
            partial(everywhere_until_none, web.forget_past),
        ),
        _Job("What is due to go is still there", TIDY_EVERY, retention.daily),
        _Job("Lists of people may stand still", IMPORTS_EVERY, Keeper()),
        _Job("Requests about data may stand still", REQUESTS_EVERY, Upkeep()),
        _Job("Tasks of dead workers are still there", FORGET_EVERY, take_up),
    ]
    while not stop.wait(SEQUENCE_EVERY):
        for job in jobs:
            if stop.is_set():
                break
            job.go_on()


def main() -> None:
    """Run until a signal comes."""
    start()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from troth.hub.backup.running import hold  # noqa: PLC0415

    hold(settings.HOME)
    stop = threading.Event()
    with ExitStack() as ending:
        try:
            _begin(stop, ending)
            call_command("db_worker", interval=0.5, startup_delay=False, verbosity=0)
        finally:
            for one in (signal.SIGTERM, signal.SIGINT):
                signal.signal(one, signal.SIG_IGN)  # a second one would leave threads behind
            stop.set()
            # A signal may end the queue's loop within its transaction, whose lock others wait for.
            connections.close_all()


def _begin(stop: threading.Event, ending: ExitStack) -> None:
    """Start what runs beside the queue; `ending` ends whatever of it has begun."""
    from django.conf import settings  # noqa: PLC0415

    from troth.channels.conversations.api import Post  # noqa: PLC0415
    from troth.kit.inbound.server import listening  # noqa: PLC0415

    if settings.DEMO:
        from troth.hub.demo.mailbox import server  # noqa: PLC0415
        from troth.hub.demo.selling import stand_in  # noqa: PLC0415

        ending.callback(server(settings.HOME, settings.EMAIL_PORT).stop)
        ending.callback(stand_in(settings.HOME))
    if (inbound := listening()) is not None:
        ending.callback(inbound.stop)
    post = Post()
    post.start()
    ending.callback(post.stop)
    sequencer = threading.Thread(target=sequence_until, args=(stop,), name="sequencer")
    sequencer.start()
    ending.callback(sequencer.join)


if __name__ == "__main__":
    main()
