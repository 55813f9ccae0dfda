"""Ordering a domain: the form, and the link by which its owner confirms it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.domains import ordering
from troth.channels.domains.asking import LINK
from troth.channels.domains.clauses import AT, offered, place
from troth.channels.domains.mails import own_path
from troth.channels.domains.models import Order
from troth.channels.domains.names import shown
from troth.channels.domains.pages import OrderPage
from troth.channels.domains.views.pieces import unlisted
from troth.channels.forms.api import pace
from troth.core.actors import Actor
from troth.kit import links

METHODS = ["GET", "HEAD", "POST"]


@csrf_exempt  # the page's own mark takes the place of the cookie, as on every form
@never_cache
@require_http_methods(METHODS)
def order(request: HttpRequest) -> HttpResponse:
    """The order form, where the policy has all that an order cannot do without."""
    if not offered():
        raise Http404
    page = OrderPage.of(request, AT)
    if request.method == "POST":
        pace(request)
        return page.receive(request)
    return page.show(request, page.form())


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    place()
    return render(request, "domains/asked.html", {"days": ordering.LIFE.days})


@unlisted
@require_http_methods(METHODS)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an order, from the mail. Looking changes nothing: link scanners look too."""
    found = Order.objects.filter(ref=links.read(token, LINK, ordering.LIFE)).first()
    if found is None:
        raise links.LinkInvalid
    here = place()
    outdated = request.method == "POST" and request.POST.get("version") != here.published.version
    taken = False
    given, wanted = ordering.written(found, actor=Actor.visitor())
    name = next(one.text for one in given if one.name == here.name.key)
    if request.method == "POST" and not outdated:
        try:
            return redirect(own_path(ordering.confirm(found)))
        except ordering.TakenInvalid:
            taken = True
            ordering.forget(found)  # as the page says
    context = {
        "place": here,
        "version": here.published.version,
        "domain": shown(name),
        "showable": [(one, one.field.key in wanted) for one in here.showable],
        "outdated": outdated,
        "taken": taken,
    }
    return render(
        request, "domains/confirm.html", context, status=409 if outdated or taken else 200
    )
