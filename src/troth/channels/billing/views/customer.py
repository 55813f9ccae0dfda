"""An order for whoever placed it: by the link they were given, or in their account."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from troth.channels.accounts.api import account_parts
from troth.channels.billing import invoicing, queries
from troth.channels.billing.encrypted import encrypted_only
from troth.channels.billing.models import Invoice, Order
from troth.channels.billing.pages import LINK
from troth.channels.billing.paying.handing import RETURN, UnreachableInvalid, pay
from troth.channels.billing.paying.settling import settle
from troth.channels.billing.paying.till import till
from troth.channels.billing.wording import dress, seller
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.kit import links

LIFE: Final = timedelta(days=400)


@never_cache
@require_safe
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The order that the link is for, with what was ordered."""
    found = _by(token)
    return _quiet(_order(request, found, Actor.visitor(), token=token))


@csrf_exempt  # the address is the credential, and it is not in a cookie
@never_cache
@require_POST
@encrypted_only
def go_and_pay(request: HttpRequest, token: str) -> HttpResponse:
    """To the payment company's page once more."""
    answer = redirect(pay(_by(token, RETURN)))
    answer.status_code = 303
    return answer


@never_cache
@require_safe
def returned(request: HttpRequest, token: str) -> HttpResponse:
    """Back from the payment company: it is asked, whatever the browser says. Who ordered what is
    behind the link in the mail, which the payment company does not have.
    """
    found = _by(token, RETURN)
    with suppress(UnreachableInvalid):  # its message will come
        settle(found)
    return _quiet(_shown(request, found, {"returned": True}))


@never_cache
@require_safe
def invoice_by_link(request: HttpRequest, token: str, ref: str) -> HttpResponse:
    found = _by(token)
    return _quiet(_invoice(request, found, ref, Actor.visitor()))


@never_cache
@require_safe
def mine(request: Any) -> HttpResponse:
    """The customer's orders, by number alone."""
    found = [dress(one) for one in queries.orders_of(request.user.person)[:100]]
    context = {"orders": found, "parts": account_parts(request)}
    return render(request, "billing/mine.html", context)


@never_cache
@require_safe
def own(request: Any, ref: str) -> HttpResponse:
    found = _own(request, ref)
    return _order(request, found, request.actor, token=links.sign(LINK, found.ref))


@never_cache
@require_safe
def own_invoice(request: Any, ref: str, invoice: str) -> HttpResponse:
    return _invoice(request, _own(request, ref), invoice, request.actor)


def _by(token: str, link: str = LINK) -> Order:
    return queries.order(links.read(token, link, LIFE))


def _own(request: Any, ref: str) -> Order:
    found = queries.order(ref)
    if found.person.root_id != request.user.person.root_id:
        raise Missing("There is no such order.", do="Look at your orders.")
    return found


def _order(request: HttpRequest, found: Order, actor: Actor, *, token: str) -> HttpResponse:
    with uses.own(person=found.person, actor=actor):
        rows = [invoicing.row(one) for one in queries.elements(found.pk)]
    more = {"rows": rows, "token": token, "invoices": queries.invoices_of(found)}
    return _shown(request, found, more)


def _shown(request: HttpRequest, found: Order, more: dict[str, Any]) -> HttpResponse:
    here = till()
    payable = here is not None and found.state == Order.State.UNPAID and found.total > 0
    again = links.sign(RETURN, found.ref)
    context = {"order": dress(found), "payable": payable, "again": again} | more
    answer = render(request, "billing/order.html", context)
    if here is not None:
        answer._csp_update = {"form-action": [here.pages]}  # type: ignore[attr-defined]  # noqa: SLF001 - as csp.decorators
    return answer


def _invoice(request: HttpRequest, order: Order, ref: str, actor: Actor) -> HttpResponse:
    found = queries.invoice(ref)
    if found.record != order.pk:
        raise queries.SoldMissing("There is no such invoice.")
    with uses.own(person=order.person, actor=actor):
        sheet = invoicing.sheet(found)
    return page_of(request, found, sheet)


def page_of(request: HttpRequest, found: Invoice, sheet: invoicing.Sheet) -> HttpResponse:
    """The invoice as a page to print."""
    context = {"invoice": dress(found), "sheet": sheet, "seller": seller(found)}
    return render(request, "billing/invoice.html", context)


def _quiet(answer: HttpResponse) -> HttpResponse:
    """The address is a credential: no other site learns it."""
    answer["Referrer-Policy"] = "no-referrer"
    return answer
