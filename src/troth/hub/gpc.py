"""Global Privacy Control (https://www.w3.org/TR/gpc/): what the browser says about the request.

`request.gpc` is true if it asks not to sell or share the person's data. Pages say that this is
honoured; what is done about it is in `troth.core.choices.objecting`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

HEADER = "Sec-GPC"
_META = "HTTP_SEC_GPC"  # asking for it here spares every request the making of all headers
Handler = Callable[[HttpRequest], HttpResponse]


def objects(request: HttpRequest) -> bool:
    """Whether a `Sec-GPC` field is exactly ``1``; any other value counts as none at all.

    A server joins several fields of one name with commas, and of several one is enough.
    """
    return any(value.strip() == "1" for value in request.META.get(_META, "").split(","))


def gpc_middleware(get_response: Handler) -> Handler:
    """Sets `request.gpc`; a page that shows it is not given from a cache to who sent the other."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.gpc = objects(request)  # type: ignore[attr-defined]
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, [HEADER])
        return response

    return handle
