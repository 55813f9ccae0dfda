from __future__ import annotations

from django.urls import path

from troth.channels.billing.paying.hearing import hear
from troth.channels.billing.views import console, customer, public, recording, reporting

app_name = "billing"
urlpatterns = [
    path("shop/", public.index, name="shop"),
    path("shop/<slug:slug>", public.product, name="product"),
    path("shop/<slug:slug>/order", public.checkout, name="checkout"),
    path("shop/<slug:slug>/order/kept", public.keep, name="keep"),
    path("orders/<str:token>", customer.by_link, name="order"),
    path("orders/<str:token>/pay", customer.go_and_pay, name="pay"),
    path("orders/<str:token>/returned", customer.returned, name="returned"),
    path("orders/<str:token>/invoice/<slug:ref>", customer.invoice_by_link, name="invoice-link"),
    path("payments/heard", hear, name="heard"),
    path("account/orders/", customer.mine, name="mine"),
    path("account/orders/<slug:ref>", customer.own, name="own"),
    path(
        "account/orders/<slug:ref>/invoice/<slug:invoice>",
        customer.own_invoice,
        name="own-invoice",
    ),
    path("console/orders/", console.orders, name="orders"),
    path("console/orders/sources", reporting.sources_report, name="sources"),
    path("console/orders/records/<slug:ref>", recording.one, name="record"),
    path("console/orders/<slug:ref>", console.order, name="console-order"),
    path("console/orders/<slug:ref>/move", console.move, name="move"),
    path("console/invoices/", console.invoices, name="invoices"),
    path("console/invoices/<slug:ref>", console.invoice, name="invoice"),
    path("console/products/", console.catalogue, name="products"),
    path("console/products/new", console.new, name="new"),
    path("console/products/<slug:slug>", console.edit, name="edit"),
    path("console/products/<slug:slug>/remove", console.remove, name="remove"),
    path("console/payments", console.till, name="till"),
]
