"""What a page reports: read, held to the clause, and cleaned."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from troth.channels.web import paths
from troth.channels.web.grounds import (
    ACTIONS,
    BROWSER,
    CAMPAIGN,
    LANGUAGE,
    NETWORK,
    PAGES,
    REFERRER,
    SENT,
    TERMS,
    Ground,
)
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.denials import Attempt, UseDenied
from troth.core.notices.versions import Published
from troth.kit import browsers

MOST_BYTES: Final = 4096
LONGEST: Final = 1000
MOST_PAGES: Final = 2
DONE: Final = frozenset({"download", "search", "print"})
"""What can be said to have been done on a page, where the clause names it."""


class BeaconInvalid(Invalid):
    """The report is not of the form that docs/web.md describes."""


class TooLongInvalid(BeaconInvalid):
    """The report is longer than any there can be."""

    status = 413


class FieldDenied(UseDenied):
    """The report holds something that no clause collects: all of it is turned away."""

    status = 422


@dataclass(frozen=True, slots=True)
class Seen:
    """One view, or one link followed. What the clause does not name is empty."""

    page: str
    before: str = ""
    """The page of ours it was reached from; empty where a visit began."""
    referrer: str = ""
    terms: str = ""
    campaign: str = ""
    link: str = ""
    action: str = ""
    browser: str = ""
    system: str = ""
    device: str = ""
    language: str = ""
    network: str = ""

    @property
    def is_view(self) -> bool:
        return not (self.link or self.action)

    @property
    def begins(self) -> bool:
        """Whether a visit began with it."""
        return self.is_view and not self.before


def body(request: HttpRequest) -> dict[str, Any]:
    """The report as it came. Raises `BeaconInvalid`."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > MOST_BYTES or len(raw := request.body) > MOST_BYTES:
        raise TooLongInvalid(f"A report has at most {MOST_BYTES} bytes.")
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BeaconInvalid("This is no JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise BeaconInvalid("A report is an object.")
    return found


def read(
    sent: dict[str, Any],
    request: HttpRequest,
    ground: Ground,
    published: Published,
    actor: Actor,
    *,
    apart: bool = False,
) -> Seen:
    """What was reported, cleaned; `apart`: by a page of another site. Raises `FieldDenied` for a
    field that the clause does not name, `BeaconInvalid` for a value that is none.
    """
    if unknown := sorted(sent.keys() - set(ground.sent)):
        raise _denied(unknown, ground, published, actor)
    pages = sent.get(PAGES)
    pages = [pages] if isinstance(pages, str) else pages
    if not isinstance(pages, list) or not 1 <= len(pages) <= MOST_PAGES:
        raise BeaconInvalid("`pages` is the page, and perhaps the one before it.")
    cut = paths.page if apart else paths.here
    page, *before = [cut(_text(one)) for one in pages]
    done = _text(sent.get(ACTIONS, ""))
    if done and done not in DONE:
        raise BeaconInvalid(f"`actions` is one of {', '.join(sorted(DONE))}.")
    return Seen(
        page,
        before[0] if before else "",
        referrer=_abroad(_text(sent.get(REFERRER, "")), request),
        terms=paths.terms(_text(sent.get(TERMS, ""))),
        campaign=paths.tag(_text(sent.get(CAMPAIGN, ""))),
        link=paths.elsewhere(_text(sent.get(ground.link, ""))) if ground.link else "",
        action=done,
        **_of_request(request, ground),
    )


def of_request(request: HttpRequest, ground: Ground, page: str, referrer: str = "") -> Seen:
    """What a request for a page tells by itself, as far as the clause names it."""
    here = paths.host_of(referrer) == request.get_host().lower()
    return Seen(
        paths.here(page),
        paths.here(referrer) if here else "",
        referrer=_abroad(referrer, request) if REFERRER in ground.elements else "",
        **_of_request(request, ground),
    )


def is_person(request: HttpRequest) -> bool:
    """Whether somebody looks at a page: no program, and no browser that fetches it beforehand."""
    ahead = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    if "prefetch" in ahead or "preview" in ahead or request.headers.get("X-Moz") == "prefetch":
        return False
    return not browsers.is_program(request.headers.get("User-Agent", ""))


def _of_request(request: HttpRequest, ground: Ground) -> dict[str, str]:
    found, agent = {}, request.headers.get("User-Agent", "")
    if BROWSER in ground.elements:
        found = {
            "browser": browsers.browser(agent) or browsers.UNKNOWN,
            "system": browsers.system(agent) or browsers.UNKNOWN,
            "device": browsers.device(agent) or browsers.UNKNOWN,
        }
    if LANGUAGE in ground.elements:
        found["language"] = browsers.language(request.headers.get("Accept-Language", ""))
    if NETWORK in ground.elements:
        found["network"] = browsers.network(request)
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value or not _is_text(value):
        raise BeaconInvalid("Each value is a text.")
    if len(value) > LONGEST:
        raise BeaconInvalid(f"A value has at most {LONGEST} characters.")
    return value


def _is_text(value: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _abroad(referrer: str, request: HttpRequest) -> str:
    """The page of another site somebody came from."""
    return (
        "" if paths.host_of(referrer) == request.get_host().lower() else paths.elsewhere(referrer)
    )


def _denied(unknown: list[str], ground: Ground, published: Published, actor: Actor) -> FieldDenied:
    known = [one for one in unknown if one in SENT or one in published.policy.elements]
    named = ", ".join(known) or "a field it does not know"
    data = {published.policy.category(one) for one in known if one in published.policy.elements}
    return FieldDenied(
        f"This report holds {named}, and nothing of it was kept.",
        why=f"The clause for visits names {', '.join(sorted(ground.elements))}, and nothing else.",
        do="Report what the clause names.",
        clause=ground.clause,
        attempt=Attempt(
            actor,
            "collect",
            ground.counts_for[0],
            tuple(sorted(data)) or ("user.behavior",),
            version=published.version,
            reason="not-in-clause",
        ),
    )
