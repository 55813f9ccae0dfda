from __future__ import annotations

from django.urls import path

from troth.channels.domains.views import account, console, ordering, owned, public

app_name = "domains"
urlpatterns = [
    path("domains/order", ordering.order, name="order"),
    path("domains/asked", ordering.asked, name="asked"),
    path("domains/confirm/<str:token>", ordering.confirm, name="confirm"),
    path("domains/own/<str:token>", owned.by_link, name="own"),
    path("domains/move/<str:token>", owned.move, name="move"),
    path("domains/contact/<str:token>", owned.contact, name="contact"),
    path("whois", public.whois, name="whois"),
    path("rdap/domain/<str:domain>", public.rdap, name="rdap"),
    path("rdap/help", public.rdap_help, name="rdap-help"),
    path("account/domains/", account.index, name="mine"),
    path("account/domains/<str:ref>", account.one, name="my-domain"),
    path("console/domains/", console.index, name="list"),
    path("console/domains/<str:ref>", console.one, name="one"),
    path("console/domains/<str:ref>/sheet", console.sheet, name="sheet"),
    path("console/domains/<str:ref>/entered", console.entered, name="entered"),
    path("console/domains/<str:ref>/ask-owner", console.ask_owner, name="ask-owner"),
]
