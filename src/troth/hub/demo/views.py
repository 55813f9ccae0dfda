"""Reading the demo's mailbox in the browser."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from functools import wraps
from typing import Any

from csp.constants import SELF
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.hub.demo import mailbox as kept

PER_PAGE = 50
FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox "
    "allow-popups allow-popups-to-escape-sandbox"
)
"""A mail brings its own style attributes; the frame lets it do nothing else."""

View = Callable[..., HttpResponse]


def _on_this_machine(request: HttpRequest) -> bool:
    """Asked for from this machine, under a name that browsers keep to it (RFC 6761 section 6.3)."""
    host = request.get_host().rsplit(":", 1)[0].lower()
    named = host in {"localhost", "127.0.0.1", "[::1]"} or host.endswith(".localhost")
    return named and request.META.get("REMOTE_ADDR", "") in {"127.0.0.1", "::1"}


def demo_only(view: View) -> View:
    """404 wherever real people are, and for everybody but who runs the demo."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEMO and _on_this_machine(request)):
            raise Http404
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(answer)


@require_safe
@demo_only
def mailbox(request: HttpRequest) -> HttpResponse:
    """Everything that was sent, the newest first."""
    page = Paginator(kept.messages(settings.HOME), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"key": key, "head": _head(message)} for key, message in page]
    return render(request, "demo/mailbox.html", {"page": page, "rows": rows})


@require_safe
@demo_only
def message(request: HttpRequest, key: str) -> HttpResponse:
    """One message: its heads, its text or HTML part, what is attached."""
    found = _found(key)
    body = found.get_body(("plain",))
    shown = "text" if request.GET.get("part") == "text" else "html"
    context = {
        "key": key,
        "head": _head(found),
        "headers": [(name, str(value)) for name, value in found.items()],
        "text": body.get_content() if body else "",
        "html": found.get_body(("html",)) is not None,
        "shown": shown,
        "parts": [
            ("As HTML", request.path, shown == "html"),
            ("As text", f"{request.path}?part=text", shown == "text"),
        ],
        "attachments": [
            {"number": n, "name": part.get_filename() or "part", "type": part.get_content_type()}
            for n, part in enumerate(found.iter_attachments())
        ],
    }
    response = render(request, "demo/message.html", context)
    response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # noqa: SLF001 - as csp.decorators
    return response


@require_safe
@demo_only
def message_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part for the sandboxed frame: no script, nothing fetched."""
    body = _found(key).get_body(("html",))
    if body is None:
        raise Http404
    response = HttpResponse(body.get_content())
    response["Content-Security-Policy"] = FRAMED
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_safe
@demo_only
def message_source(request: HttpRequest, key: str) -> HttpResponse:
    """The message as it came over the wire."""
    found = kept.source(settings.HOME, key)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="text/plain; charset=utf-8")


@require_safe
@demo_only
def attachment(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One attached file, always as a download."""
    parts = list(_found(key).iter_attachments())
    if number >= len(parts):
        raise Http404
    part = parts[number]
    content = part.get_payload(decode=True) or b""
    response = HttpResponse(content, content_type="application/octet-stream")
    name = (part.get_filename() or "part").replace('"', "")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(key: str) -> EmailMessage:
    found = kept.message(settings.HOME, key)
    if found is None:
        raise Http404
    return found


def _head(message: EmailMessage) -> dict[str, Any]:
    date = message["Date"]
    return {
        "subject": str(message["Subject"] or "(no subject)"),
        "sender": str(message["From"] or ""),
        "to": str(message["Delivered-To"] or message["To"] or ""),
        "at": getattr(date, "datetime", None),
    }
