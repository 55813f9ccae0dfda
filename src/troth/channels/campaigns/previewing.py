"""The letter as it will look, for a frame that may do nothing."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from troth.channels.campaigns import queries
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.purposes import Slot, purposes, slots
from troth.channels.campaigns.queries import Preview
from troth.core.errors import Refusal

View = Callable[..., HttpResponse]
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Look:
    """What a pane of preview shows: the letter, or why there is none; and what may stand in it."""

    letter: Preview | None
    refusal: Refusal | None
    slots: tuple[Slot, ...]
    pictures: bool = False


def of_writing(given: dict[str, Any]) -> Look:
    """What is being written, from the fields of its form. Nothing is stored or read of anybody."""
    purpose = str(given.get("purpose") or "")
    known = tuple(slots(purpose).values()) if purpose in purposes() else ()
    if not purpose:
        return Look(None, None, known)
    values = {slot.key: f"[{_plain(slot.label)}]" for slot in known}
    try:
        letter = queries.preview(
            purpose=purpose,
            subject=str(given.get("subject") or ""),
            subject_b=str(given.get("subject_b") or ""),
            body=str(given.get("body") or ""),
            markup=str(given.get("format") or Campaign.Format.MARKDOWN),
            values=values,
            public=bool(given.get("in_archive")),
        )
    except Refusal as refusal:
        return Look(None, refusal, known)
    return Look(letter, None, known, "<img" in letter.html)


def of(campaign: Campaign) -> Look:
    """A campaign as it is saved."""
    fields = ("purpose", "subject", "subject_b", "body", "format", "in_archive")
    return of_writing({name: getattr(campaign, name) for name in fields})


def _plain(label: str) -> str:
    """A form's label without speaking to anybody: “Your name” is a name."""
    rest = label.removeprefix("Your ")
    return rest[:1].lower() + rest[1:]


def framing(view: View) -> View:
    """Let the page show a letter in a frame: only the style sheet of our own mails counts in it,
    told by its hash (Content Security Policy, level 3, section 2.3.1).
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response._csp_update = {"style-src": _styles()}  # type: ignore[attr-defined]  # noqa: SLF001 - as csp.decorators
        return response

    return answer


@cache
def _styles() -> list[str]:
    page = render_to_string("kit/mail.html", {"subject": "", "body": "", "footer": ""})
    digests = (hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(page))
    return [f"'sha256-{b64encode(digest).decode()}'" for digest in digests]
