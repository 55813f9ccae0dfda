"""What the worker sees to now and then: runs that stood still go on, what waits too long goes."""

from __future__ import annotations

from datetime import timedelta

from troth.channels.imports import ending, turns
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope


class Keeper:
    """Called again and again by one worker. At its first call it takes every run up: whoever
    worked on them may have been killed, and whoever still does hands over between two batches.
    """

    def __init__(self) -> None:
        self.after = timedelta(0)

    def __call__(self) -> None:
        for organisation in Organisation.objects.all():
            with scope(organisation):
                turns.take_up(after=self.after)
                ending.expire()
        self.after = turns.PATIENCE
