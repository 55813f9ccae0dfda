"""What the worker clears away: what is over is not kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core.management import call_command
from django.db import transaction

from troth.channels.accounts import guessing
from troth.channels.accounts.models import SignIn
from troth.channels.accounts.registering import drop_unconfirmed
from troth.channels.accounts.sign_ins import REMEMBERED
from troth.core import clock
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

RESULTS: Final = timedelta(days=1)
"""How long the queue's record of a finished task stays, to look into what failed."""


def tidy() -> None:
    """Clear sessions that have run out, records of finished tasks, log-ins of more than 90 days
    ago and registrations nobody confirmed. Safe to repeat; call it regularly.
    """
    call_command("clearsessions", verbosity=0)
    call_command("prune_db_task_results", queue_name="*", min_age_days=RESULTS.days, verbosity=0)
    for organisation in Organisation.objects.all():
        with scope(organisation):
            SignIn.objects.filter(last_seen_at__lt=clock.now() - REMEMBERED).delete()
            with transaction.atomic():
                drop_unconfirmed()
                guessing.forget_old()
