"""What is sold, and ordering it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.billing import clauses, queries
from troth.channels.billing.encrypted import encrypted_only
from troth.channels.billing.pages import OrderPage
from troth.channels.billing.paying.till import till
from troth.channels.billing.wording import dressed
from troth.channels.forms.api import pace
from troth.core.notices.versions import current


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


@csrf_exempt  # the page's own mark takes the place of the cookie, as on every form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@encrypted_only
def checkout(request: HttpRequest, slug: str) -> HttpResponse:
    """The checkout. Sending it goes on to the payment company's own page, and to no other."""
    page = OrderPage.about(request, queries.product(slug))
    if request.method == "POST":
        pace(request)
        answer = page.receive(request)
    else:
        answer = page.show(request, page.form())
    found = till()
    if found is not None:
        answer._csp_update = {"form-action": [found.pages]}  # type: ignore[attr-defined]  # noqa: SLF001 - as csp.decorators
    return answer
