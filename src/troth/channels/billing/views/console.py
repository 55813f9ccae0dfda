"""Selling, for the staff: products, orders, invoices, the payment company."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.channels.billing import (
    clauses,
    handling,
    money,
    opening,
    products,
    queries,
    recording,
    sources,
)
from troth.channels.billing.forms import ProductForm, TillForm
from troth.channels.billing.models import Invoice, Order, Product
from troth.channels.billing.paying import till as paying
from troth.channels.billing.wording import dress, dressed, seller
from troth.core.errors import Denied, Invalid, Missing, Refusal
from troth.core.notices.versions import current
from troth.kit import links
from troth.kit.shell import Link

PAGE = 50
STEPS = {
    "fulfil": handling.fulfil,
    "paid": handling.note_payment,
    "cancel": handling.cancel,
    "refund": handling.refund,
}


def _tabs(here: str) -> list[Link]:
    parts = [
        ("Orders", "billing:orders"),
        ("Invoices", "billing:invoices"),
        ("Products", "billing:products"),
        ("Payment company", "billing:till"),
    ]
    if sources.purpose():
        parts.append(("Where they began", "billing:sources"))
    return [Link(label, reverse(name), current=name == here) for label, name in parts]


@never_cache
@require_safe
def orders(request: Any) -> HttpResponse:
    """Orders by number; who ordered and what opens on the page of one, for a purpose."""
    state = request.GET.get("state", "")
    found = Order.objects.select_related("person")
    if state in Order.State.values:
        found = found.filter(state=state)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    states = [("", "All"), *Order.State.choices]
    filters = [Link(word, f"?state={key}", current=key == state) for key, word in states]
    context = {
        "page": page,
        "orders": [dress(one) for one in page],
        "filters": filters,
        "tabs": _tabs("billing:orders"),
    }
    return render(request, "billing/console/orders.html", context)


@never_cache
@require_safe
def order(request: Any, ref: str) -> HttpResponse:
    found = queries.order(ref)
    shown = opening.order(found, actor=request.actor, purpose=request.purpose)
    context = {
        "order": dress(found),
        "shown": shown,
        "invoices": queries.invoices_of(found),
        "purposes": [current().rules.purposes[key] for key in clauses.purposes()],
        "records": recording.block() is not None,
    }
    return render(request, "billing/console/order.html", context)


@require_POST
def move(request: Any, ref: str) -> HttpResponse:
    """Fulfil, note a payment, cancel or refund: `do` says which."""
    found, step = queries.order(ref), STEPS.get(request.POST.get("do", ""))
    if step is None:
        raise Invalid("There is no such thing to do.", do="Choose one of the buttons.")
    try:
        step(found, actor=request.actor)
        messages.success(request, "Done.")
    except (Invalid, handling.StateDenied, Missing) as refused:
        messages.error(request, f"{refused.what} {refused.do or refused.why}".strip())
    return redirect("billing:console-order", ref)


@never_cache
@require_safe
def invoices(request: Any) -> HttpResponse:
    """The books: numbers, days and amounts, without a name."""
    page = Paginator(Invoice.objects.all(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "invoices": [dress(one) for one in page],
        "tabs": _tabs("billing:invoices"),
    }
    return render(request, "billing/console/invoices.html", context)


@never_cache
@require_safe
def invoice(request: Any, ref: str) -> HttpResponse:
    """An invoice; also of somebody who was erased, as far as a clause keeps it."""
    found = queries.invoice(ref)
    shown = opening.invoice(found, actor=request.actor, purpose=request.purpose)
    context = {
        "invoice": dress(found),
        "shown": shown,
        "sheet": shown.sheet,
        "seller": seller(found),
    }
    return render(request, "billing/console/invoice.html", context)


@never_cache
@require_safe
def catalogue(request: Any) -> HttpResponse:
    found = [dressed(one) for one in queries.products()]
    context = {"products": found, "tabs": _tabs("billing:products"), "sells": clauses.sells()}
    return render(request, "billing/console/products.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    return _written(request, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, slug: str) -> HttpResponse:
    return _written(request, queries.product(slug, shown=False))


def _written(request: Any, found: Product | None) -> HttpResponse:
    names = ("slug", "name", "text", "currency", "period", "shown")
    initial = {name: getattr(found, name) for name in names} if found else {}
    if found:
        initial["price"] = money.words(found.price, found.currency).split()[0].replace(",", "")
    form = ProductForm(request.POST if request.method == "POST" else None, initial=initial)
    refusal: Refusal | None = None
    if form.is_bound and form.is_valid():
        offer = products.Offer(**form.cleaned_data)
        try:
            if found is None:
                products.make(offer, actor=request.actor)
            else:
                products.change(found, offer, actor=request.actor)
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            messages.success(request, "Saved.")
            return redirect("billing:products")
    context = {"form": form, "product": found, "refusal": refusal}
    status = 422 if form.is_bound else 200
    return render(request, "billing/console/write.html", context, status=status)


@require_POST
def remove(request: Any, slug: str) -> HttpResponse:
    products.remove(queries.product(slug, shown=False), actor=request.actor)
    messages.success(request, "Taken out. Orders of it stay as they are.")
    return redirect("billing:products")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def till(request: Any) -> HttpResponse:
    """The payment company: whether it is connected, and connecting it."""
    if not clauses.sells():
        raise Http404
    form = TillForm(request.POST if request.method == "POST" else None)
    refusal: Refusal | None = None
    if form.is_bound and form.is_valid():
        try:
            paying.connect(actor=request.actor, **form.cleaned_data)
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            messages.success(request, "Connected.")
            return redirect("billing:till")
    context = {
        "form": form,
        "refusal": refusal,
        "till": paying.till(),
        "party": current().rules.recipients.get(clauses.payee()),
        "hook": links.absolute(reverse("billing:heard")),
        "tabs": _tabs("billing:till"),
    }
    return render(
        request, "billing/console/till.html", context, status=422 if form.is_bound else 200
    )
