"""Links of a table: order and pages, keeping whatever else the address asks for."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict


def sorting(request: HttpRequest | None, key: str) -> dict[str, Any]:
    """The link and the `aria-sort` of one column."""
    now = _query(request).get("sort", "")
    rising, falling = now == key, now == f"-{key}"
    return {
        "url": with_query(request, sort=f"-{key}" if rising else key, page=None),
        "order": "ascending" if rising else "descending" if falling else "",
    }


def page_links(request: HttpRequest | None, page: Page[Any]) -> dict[str, str]:
    """Addresses of the pages before and after; empty where there is none."""
    back = page.previous_page_number() if page.has_previous() else None
    on = page.next_page_number() if page.has_next() else None
    return {
        "previous": with_query(request, page=str(back)) if back else "",
        "next": with_query(request, page=str(on)) if on else "",
    }


def with_query(request: HttpRequest | None, **changes: str | None) -> str:
    """The page's query string with some parts set, or dropped by None; always with its `?`."""
    query = _query(request)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return "?" + query.urlencode()


def _query(request: HttpRequest | None) -> QueryDict:
    return request.GET.copy() if request is not None else QueryDict(mutable=True)
