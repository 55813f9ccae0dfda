"""What the worker sees to now and then."""

from __future__ import annotations

from datetime import timedelta

from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.rights.emptying import empty_closed
from troth.core.rights.running import PATIENCE, take_up
from troth.core.rights.tellings import silence


class Upkeep:
    """Called again and again by one worker. At its first call it takes every request up: whoever
    worked on it may have been killed, and a step that is done twice is done once.
    """

    def __init__(self) -> None:
        self.after = timedelta(0)

    def __call__(self) -> None:
        for organisation in Organisation.objects.all():
            with scope(organisation):
                take_up(after=self.after)
                silence()
                empty_closed()
        self.after = PATIENCE
