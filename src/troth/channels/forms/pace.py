"""How often one caller may send forms, whichever way: as a page or as a program."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest

from troth.kit.throttle.counting import caller_of, throttle

PER_MINUTE: Final = 20  # of one caller; an owner behind a shared address may raise it


def pace(request: HttpRequest, what: str = "forms") -> None:
    """Count one call. Raises `ThrottleDenied`."""
    limit = int(settings.HOME.option("forms_per_minute", str(PER_MINUTE)))
    throttle(what, caller_of(request), limit=limit, seconds=60)
