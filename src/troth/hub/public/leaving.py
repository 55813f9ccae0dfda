"""Links that lead to other people's sites are marked, where the policy says so.

The policy asks for it with an ``[[inform]]`` clause at the place `web.leaving`. It is done to the
page as it goes out, so that it holds for whatever wrote the link: a policy, a letter, a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from troth.core.notices.versions import PolicyMissing, current
from troth.policy import Policy

PLACE: Final = "web.leaving"
MARK: Final = (
    '<span class="leaves" aria-hidden="true">\u00a0\u2197</span>'
    '<span class="visually-hidden"> (leads to another site)</span>'
)
_LINK: Final = re.compile(
    r"""(<a\b[^>]*?[\s"'/]href\s*=\s*(?:["']\s*)?((?:https?:|[/\\]{2})[^"'\s>]+)[^>]*>)(.*?)(</a\s*>)""",
    re.DOTALL | re.IGNORECASE,
)
_BEFORE_HOST: Final = re.compile(r"(?:https?:)?[/\\]*", re.IGNORECASE)
"""Browsers take any number of slashes, of either kind, before the host of a web address."""
_MAIN_ENDS: Final = "</main>"
Handler = Callable[[HttpRequest], HttpResponse]


def leaving_middleware(get_response: Handler) -> Handler:
    """Marks each link to another host on the pages that visitors and customers see."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _may_link(request, response):
            _mark(request, response)
        return response

    return handle


def _may_link(request: Any, response: HttpResponse) -> bool:
    if getattr(request, "member", None) is not None or getattr(response, "streaming", False):
        return False
    if not hasattr(request, "organisation"):  # a file of ours that is not there: nobody's page
        return False
    kind = response.get("Content-Type", "")
    return kind.startswith("text/html") and b"//" in response.content


def _mark(request: HttpRequest, response: HttpResponse) -> None:
    try:
        published = current()
    except PolicyMissing:
        return
    informs = published.rules.informs_at(PLACE)
    if not informs:
        return
    own, found = _own_hosts(request, published.policy), 0

    def mark(link: re.Match[str]) -> str:
        nonlocal found
        if _host(link[2]) in own:
            return link[0]
        found += 1
        return f"{link[1]}{link[3]}{MARK}{link[4]}"

    page = _LINK.sub(mark, response.content.decode(response.charset))
    if not found:
        return
    notices = [published.policy.clause(one.clause) for one in informs]
    context = {"clauses": [(one.clause, one.text) for one in notices if one]}
    before, ends, after = page.rpartition(_MAIN_ENDS)
    if ends:  # a piece of a page is put into one that has the notice, or gets it when reloaded
        page = f"{before}{render_to_string('public/pieces/leaving.html', context)}{ends}{after}"
    response.content = page.encode(response.charset)


def _host(address: str) -> str:
    """The host a browser goes to; "" for what is none, which is nobody's own."""
    try:
        return urlsplit(f"//{_BEFORE_HOST.sub('', address, count=1)}").hostname or ""
    except ValueError:
        return ""


def _own_hosts(request: HttpRequest, policy: Policy) -> set[str]:
    """This site, and the company's own as its policy names it."""
    here = urlsplit(f"//{request.get_host()}").hostname or ""
    home = urlsplit(policy.company.website).hostname or ""
    return {here, home} - {""}
