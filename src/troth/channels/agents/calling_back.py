"""Telling agents that a state has changed (section 2.03): a POST of the status to their address.

It goes to https addresses on the open net alone, follows no redirect and reads nothing of the
answer but its number. What does not answer 200 is called again, ever more rarely; after eight tries
it is given up, and listed in the console, where somebody has it begun anew. A state that is new is
told by tries of its own.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from troth.channels.agents import acts, tasks
from troth.channels.agents.entering import ABILITY, note
from troth.channels.agents.models import Exercise
from troth.channels.agents.statuses import status, told
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Missing

PATIENCE: Final = 10.0
WAITS: Final = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480, 1440, 2880))
BATCH: Final = 50


def call_back() -> int:
    """Have the agents called whose requests have moved. Returns how many calls were queued.

    The calls are tasks: an agent that does not answer holds up nothing else.
    """
    now = clock.now()
    count = 0
    for exercise in Exercise.objects.exclude(callback="").select_related("request"):
        state = told(exercise)
        fresh = state != exercise.tried
        if state == exercise.told or not (fresh or _due(exercise)) or count == BATCH:
            continue
        tries = 0 if fresh else exercise.tries
        Exercise.objects.filter(pk=exercise.pk).update(
            tried=state, tries=tries, next_at=now + WAITS[0]
        )
        tasks.call.enqueue(str(exercise.organisation_id), str(exercise.pk))
        count += 1
    return count


def _due(exercise: Exercise) -> bool:
    rested = exercise.next_at is None or exercise.next_at <= clock.now()
    return rested and exercise.tries <= len(WAITS)


def call(pk: UUID) -> None:
    """Call one agent, and note whether it took it."""
    exercise = Exercise.objects.select_related("request", "agent").filter(pk=pk).first()
    if exercise is None or (now := told(exercise)) == exercise.told:
        return
    if post(exercise.callback, status(exercise)):
        exercise.told, exercise.tries, exercise.next_at = now, 0, None
    else:
        wait = WAITS[min(exercise.tries, len(WAITS) - 1)]
        exercise.tries, exercise.next_at = exercise.tries + 1, clock.now() + wait
    exercise.save(update_fields=["told", "tries", "next_at"])


def given_up() -> QuerySet[Exercise]:
    """The requests whose agents did not answer at any try, and are not called any more."""
    found = Exercise.objects.exclude(callback="").filter(tries__gt=len(WAITS))
    return found.select_related("request", "agent").order_by("next_at", "id")


@action
def call_again(pk: UUID, *, actor: Actor) -> None:
    """Begin anew with the calls of a request that were given up. Raises `Missing`."""
    actor.needs(ABILITY)
    found = given_up().filter(pk=pk).first()
    if found is None:
        raise Missing("This call waits for nobody.", do="Look at the list again.")
    Exercise.objects.filter(pk=pk).update(tries=0, next_at=None)
    note(acts.CALLED_AGAIN, found.agent, actor=actor, request=found.request.ref)


def post(url: str, body: dict[str, object]) -> bool:
    """POST a status. Returns whether the agent took it with a 200."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return False
    try:
        address = _public(parts.hostname, parts.port or 443)
        if address is None:
            return False
        connection = _Pinned(parts.hostname, address, parts.port or 443)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"Content-Type": "application/json", "User-Agent": "Troth"}
            connection.request("POST", path, json.dumps(body), headers)
            return connection.getresponse().status == http.HTTPStatus.OK
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return False


def _public(host: str, port: int) -> str | None:
    """An address of the host on the open net: an agent must not make us call our own machines."""
    local = settings.HOME.flag("agents_local")
    for *_, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        found = ipaddress.ip_address(str(where[0]))
        if found.is_global or local:
            return str(found)
    return None


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was looked at: asking for it again could give another."""

    def __init__(self, host: str, address: str, port: int) -> None:
        self.context = ssl.create_default_context(cafile=settings.HOME.option("agents_ca") or None)
        super().__init__(host, port, timeout=PATIENCE, context=self.context)
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host)
