"""The Content-Security-Policy header, put together once for all pages that have the same."""

from __future__ import annotations

from functools import lru_cache

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponseBase

from troth.kit.live import address


class ContentSecurityMiddleware(CSPMiddleware):
    """As django-csp's, which works the header out for each answer from its dozen directives. An
    answer with a nonce, or with rules of its own, still has it worked out.

    Pages may connect to the live process of their own site, and to nothing else.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        own = any(name.startswith("_csp") for name in response.__dict__)
        if own or getattr(request, "_csp_nonce", None) is not None:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _usual(_live(request)))
        # From here on a nonce would not be in the header any more: asking for one is an error.
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        sources = address.sources(_live(request))
        own = parts.replace or {}
        if sources and "connect-src" not in own:
            update = parts.update or {}
            here = [*update.get("connect-src", ()), *sources]
            parts.update = {**update, "connect-src": here}
        return parts


def _live(request: HttpRequest) -> str:
    """Where the site's live process is; the host was looked at if it has an organisation."""
    return address.of(request) if hasattr(request, "organisation") else ""


@lru_cache(maxsize=256)
def _usual(live: str) -> str:
    sources = address.sources(live)
    return build_policy(update={"connect-src": sources} if sources else None)
