"""The door of `web` for the hub and for other channels."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from troth.channels.cookies import api as cookies
from troth.channels.web import counting, visitors
from troth.channels.web.grounds import ANALYTICS, LOG, visits
from troth.channels.web.joining import who_is
from troth.channels.web.models import Visitor
from troth.channels.web.seeding import Kept, Sum, kept as kept_of_visits, write as write_visits
from troth.core.notices.versions import Published

__all__ = [
    "LOG",
    "Kept",
    "Sum",
    "Visitor",
    "counter_for",
    "forget_past",
    "kept_of_visits",
    "who_is",
    "write_visits",
]


def forget_past() -> int:
    """Destroy what tells browsers of past days apart, and browsers that came no more."""
    return counting.forget_past() + visitors.forget_gone()


def counter_for(request: HttpRequest, published: Published) -> str:
    """Where the script is that reports this browser's views; empty where none may be counted."""
    ground = visits(published)
    if ground is None or (ground.asks and not cookies.may(request, ANALYTICS)):
        return ""
    return reverse("web:script")  # the staff is left out when it reports
