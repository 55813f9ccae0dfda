"""What is sold, and ordering it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.channels.billing import beginning, clauses, queries
from troth.channels.billing.encrypted import encrypted_only
from troth.channels.billing.pages import OrderPage
from troth.channels.billing.paying.till import till
from troth.channels.billing.wording import dressed
from troth.channels.forms.api import UNDER_AGE, pace
from troth.core.notices.versions import current

REDIRECTED: Final = 303


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What everybody may buy; nothing, where the policy has no checkout."""
    if not clauses.sells():
        raise Http404
    found = [dressed(one) for one in queries.for_sale()]
    return render(request, "billing/shop.html", {"products": found})


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a product, where an order begins."""
    found = dressed(queries.product(slug))
    context = {"product": found, "touchpoint": clauses.place(), "rules": current().rules}
    return render(request, "billing/product.html", context)


def _after(request: HttpRequest, answer: HttpResponse, page: OrderPage) -> None:
    """What was sent and is no order yet is still there when the page is loaded again; of a child's
    nothing is, nor of what was kept before it said so.
    """
    found = beginning.beginning(request)
    if answer.status_code == REDIRECTED or request.POST.get(UNDER_AGE):
        beginning.over(request, answer)
    elif found is not None:
        beginning.keep(found, request.POST, page.touchpoint)


@csrf_exempt  # it changes nothing but what the same browser wrote; its cookie is signed
@never_cache
@require_POST
@encrypted_only
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what is written so far: the page sends it while somebody writes."""
    pace(request, "billing.keep")
    page, found = OrderPage.about(request, queries.product(slug)), beginning.beginning(request)
    answer = HttpResponse(status=204)
    if request.POST.get(UNDER_AGE):
        beginning.over(request, answer)
    elif found is not None:
        beginning.keep(found, request.POST, page.touchpoint)
    return answer


@csrf_exempt  # the page's own mark takes the place of the cookie, as on every form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@encrypted_only
def checkout(request: HttpRequest, slug: str) -> HttpResponse:
    """The checkout. Sending it goes on to the payment company's own page, and to no other."""
    product = queries.product(slug)
    keeping = beginning.keeps(request) and reverse("billing:keep", args=[slug])
    page = replace(
        OrderPage.about(request, product),
        values=beginning.kept(request),
        keeping=keeping or "",
    )
    if request.method == "POST":
        pace(request)
        answer = page.receive(request)
        _after(request, answer, page)
    else:
        answer = page.show(request, page.form())
        beginning.begin(request, answer, product)
    found = till()
    if found is not None:
        answer._csp_update = {"form-action": [found.pages]}  # type: ignore[attr-defined]  # noqa: SLF001 - as csp.decorators
    return answer
