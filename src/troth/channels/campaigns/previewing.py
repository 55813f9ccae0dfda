"""The letter as it will look, for a frame that may do nothing."""

from __future__ import annotations

import hashlib
import html
import re
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from troth.channels.campaigns import layouts, queries
from troth.channels.campaigns.models import Campaign, Layout
from troth.channels.campaigns.purposes import NEWS, NOTICE, Slot, purposes, slots
from troth.channels.campaigns.queries import Preview
from troth.core.errors import Refusal
from troth.core.notices.versions import current

View = Callable[..., HttpResponse]
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_FRAME = re.compile(r'srcdoc="([^"]*)"')
_ATTRIBUTE = re.compile(r'<[^>]* style="([^"]*)"')
_CHOOSES = b'id="id_layout"'
_LAYOUTS, _MOST = 20, 50  # templates and styles a page's policy lets in: a header has an end
_WORDS = "Dear reader,\n\nhere stands **the letter**, with its [links](https://site.example/).\n"
EXAMPLE = """\
<table width="100%" cellpadding="24" bgcolor="#eef2f0"><tr><td align="center">
<table width="600" cellpadding="24" bgcolor="#ffffff"><tr><td>{{ content }}</td></tr>
<tr><td style="font-size: 13px; color: #444444"><p>{{ why }}</p><p>{{ address }}</p>
<p><a href="{{ unsubscribe }}">Unsubscribe</a> · <a href="{{ choices }}">Your choices</a></p>
</td></tr></table></td></tr></table>
"""
"""What a new template begins with."""


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
    kind = NOTICE if given.get("kind") == NOTICE else NEWS
    known = tuple(slots(purpose).values()) if purpose in purposes(kind) else ()
    if purpose not in current().rules.purposes:
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
            kind=kind,
            layout=_layout(str(given.get("layout") or "")),
        )
    except Refusal as refusal:
        return Look(None, refusal, known)
    return Look(letter, None, known, "<img" in letter.html)


def of(campaign: Campaign) -> Look:
    """A campaign as it is saved."""
    fields = ("kind", "purpose", "subject", "subject_b", "body", "format", "in_archive")
    given = {name: getattr(campaign, name) for name in fields}
    return of_writing(given | {"layout": campaign.layout.ref if campaign.layout else ""})


def of_layout(text: str) -> Look:
    """A template around a few words, for the first purpose a campaign can be for."""
    purpose = next(iter(purposes()), "")
    if not purpose:
        return Look(None, None, ())
    try:
        letter = queries.preview(
            purpose=purpose, subject="A letter", body=_WORDS, markup="markdown", layout=text
        )
    except Refusal as refusal:
        return Look(None, refusal, ())
    return Look(letter, None, (), "<img" in letter.html)


def _layout(ref: str) -> str:
    found = Layout.objects.filter(ref=ref).first() if ref else None
    return found.html if found else ""


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
        response._csp_update = {"style-src": [*_styles(), *_attributes(response)]}  # type: ignore[attr-defined]  # noqa: SLF001 - as csp.decorators
        return response

    return answer


def _attributes(response: HttpResponse) -> list[str]:
    """The style attributes of templates: of the letter on the page, and of those to choose from."""
    pages = [html.unescape(one) for one in _FRAME.findall(response.content.decode())]
    for layout in Layout.objects.all()[:_LAYOUTS] if _CHOOSES in response.content else ():
        with suppress(Refusal):  # under a later policy it may be none any more
            pages.append(layouts.safe(layout.html))
    # What is on the page comes first: it is what has to be seen as it will be.
    found = dict.fromkeys(html.unescape(one) for page in pages for one in _ATTRIBUTE.findall(page))
    return ["'unsafe-hashes'", *map(_hash, list(found)[:_MOST])] if found else []


def _hash(style: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


@cache
def _styles() -> list[str]:
    page = render_to_string("kit/mail.html", {"subject": "", "body": "", "footer": ""})
    return [_hash(style) for style in _STYLE.findall(page)]
