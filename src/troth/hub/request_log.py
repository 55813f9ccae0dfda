"""The log of requests: a line for each, with what the policy's clause about it names and no more.

There is one such log, in the folder ``requests`` of the installation: a file of an organisation and
a day, which goes when the clause that ends it says (`troth retention run`). The server keeps none
beside it. Where a policy has no clause for a log (`at = "web.log"`), not a line is written.

A line is a JSON object whose keys are the policy's own elements. An address of the network is cut
short, or left out with the setting ``request_addresses = "none"``. Of a page's address only the
path is kept, without what stands for somebody in it; of the browser only its kind.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from troth.channels.web.paths import UNKNOWN, elsewhere, of_route
from troth.core import clock
from troth.core.notices.versions import PolicyMissing, Published, current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id
from troth.core.retention.api import Gone
from troth.kit import browsers
from troth.policy import Rules

AT: Final = "web.log"
FOLDER: Final = "requests"
_REGION: Final = re.compile(r"^\s*[a-zA-Z]{2,3}(?:-[a-zA-Z]{4})?-([a-zA-Z]{2})\b")
_NOT_FOUND: Final = 404
MOST_OPEN: Final = 16
_log: Final = logging.getLogger(__name__)
_lock: Final = threading.Lock()
_open: Final[dict[Path, int]] = {}
Handler = Callable[[HttpRequest], HttpResponse]


def request_log_middleware(get_response: Handler) -> Handler:
    """Put inside of what finds the organisation, and around all that answers for it."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        organisation: Any = getattr(request, "organisation", None)
        if organisation is not None:
            _note(request, response, organisation)
        return response

    return handle


def _note(request: HttpRequest, response: HttpResponse, organisation: Organisation) -> None:
    try:
        elements = _elements(current().rules)
    except PolicyMissing:
        return
    if not elements:
        return
    found = {name: VALUES.get(name, _nothing)(request, response) for name in elements}
    line = json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"
    _append(_file(organisation.pk, clock.now().date()), line.encode())


@lru_cache(maxsize=128)
def _elements(rules: Rules) -> tuple[str, ...]:
    """What the clauses for the log name, in their order."""
    if AT not in rules.touchpoints:
        return ()
    named = (name for block in rules.policy.collects if block.at == AT for name in block.everything)
    return tuple(dict.fromkeys(named))


# What a line has under each element


def _page(request: HttpRequest, response: HttpResponse) -> str:
    match = request.resolver_match
    if match is None:
        return UNKNOWN
    there = response.status_code != _NOT_FOUND
    return of_route(str(match.route), match.kwargs if there else {})


def _came_from(request: HttpRequest, response: HttpResponse) -> str | None:
    """The page of another site that led here, without its query."""
    found = request.headers.get("Referer", "")
    return (elsewhere(found) or None) if not _is_ours(request, found) else None


def _clicked(request: HttpRequest, response: HttpResponse) -> str | None:
    """The page of this site whose link led here."""
    found = request.headers.get("Referer", "")
    if not _is_ours(request, found):
        return None
    try:
        match = resolve(urlsplit(found).path)
    except Resolver404:
        return UNKNOWN
    # Nobody has looked whether the page was there, so nothing in its address counts as our words.
    return of_route(str(match.route), {})


def _is_ours(request: HttpRequest, address: str) -> bool:
    try:
        return urlsplit(address).netloc == request.get_host()
    except ValueError:
        return False


def _browser(request: HttpRequest, response: HttpResponse) -> str:
    agent = request.headers.get("User-Agent", "")
    if browsers.is_program(agent):
        return "A program"
    kind = browsers.browser(agent) or browsers.UNKNOWN
    return f"{kind} on {browsers.system(agent) or browsers.UNKNOWN}"


def _address(request: HttpRequest, response: HttpResponse) -> str | None:
    if settings.HOME.option("request_addresses", "short") != "short":
        return None
    return browsers.network(request) or None


def _region(request: HttpRequest, response: HttpResponse) -> str | None:
    """The country the browser's language is of. Nobody is asked where the address is."""
    found = _REGION.match(request.headers.get("Accept-Language", ""))
    return found[1].upper() if found else None


def _language(request: HttpRequest, response: HttpResponse) -> str | None:
    return browsers.language(request.headers.get("Accept-Language", "")) or None


def _time(request: HttpRequest, response: HttpResponse) -> str:
    return clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _nothing(request: HttpRequest, response: HttpResponse) -> None:
    """What a request does not tell, such as the provider: it is not looked up anywhere."""


VALUES: Final[Mapping[str, Callable[[HttpRequest, HttpResponse], str | None]]] = {
    "browser": _browser,
    "clicks": _clicked,
    "ip-address": _address,
    "language": _language,
    "links": _clicked,
    "pages": _page,
    "referrer": _came_from,
    "region": _region,
    "visit-time": _time,
}


# The files


def _folder(organisation: UUID) -> Path:
    return Path(settings.HOME.folder) / FOLDER / organisation.hex


def _file(organisation: UUID, day: date) -> Path:
    return _folder(organisation) / f"{day.isoformat()}.jsonl"


def _append(file: Path, line: bytes) -> None:
    """One write of a line at the end, which the kernel keeps whole between processes. A page is
    given also where the log cannot be written.
    """
    with _lock:
        try:
            os.write(_at_hand(file), line)
        except OSError as error:
            _log.error("The log of requests cannot be written: %s.", error.strerror)


def _at_hand(file: Path) -> int:
    """The file opened; those used least lately are closed."""
    found = _open.pop(file, None)
    if found is not None and not os.fstat(found).st_nlink:  # somebody has removed it
        os.close(found)
        found = None
    if found is None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    _open[file] = found
    while len(_open) > MOST_OPEN:
        os.close(_open.pop(next(iter(_open))))
    return found


def let_go(published: Published, at: datetime) -> Iterator[Gone]:
    """Remove the files of the organisation in scope whose time is over; a day's goes as a whole,
    when its last line is due.
    """
    keeps = {
        keep.clause: keep
        for name in _elements(published.rules)
        if (keep := published.rules.keep(published.policy.category(name), AT)) is not None
    }
    if not keeps:
        return
    keep = min(keeps.values(), key=lambda one: one.period.length)
    calendar = published.policy.company.calendar
    for file in sorted(_folder(current_organisation_id()).glob("*.jsonl")):
        ends = datetime.combine(date.fromisoformat(file.stem), time.max, UTC)
        if keep.period.due(ends, calendar) < at:
            lines = file.read_bytes().count(b"\n")
            file.unlink()
            yield Gone(keep.clause, ("user.device", "user.behavior"), lines)
