"""Mounted at the root of an organisation's site."""

from __future__ import annotations

from django.urls import path

from troth.hub.public.views import home, policy, preferences, wellknown

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("policy", policy.in_force, name="policy"),
    path("policy.md", policy.markdown, name="policy-markdown"),
    path("policy.toml", policy.source, name="policy-source"),
    path("policy/picture.svg", policy.flows, name="policy-picture"),
    path("policy/versions/<str:version>", policy.earlier, name="policy-version"),
    path("policy/compare/<str:before>/<str:after>", policy.compared, name="policy-compare"),
    path("policy/clause/<str:number>", policy.clause, name="policy-clause"),
    path("preferences/", preferences.ask, name="preferences"),
    path("preferences/<str:token>", preferences.centre, name="preference-link"),
    path(
        "preferences/<str:token>/receipts/<uuid:entry>.jsonld",
        preferences.receipt,
        name="preference-receipt",
    ),
    path("account/choices/", preferences.own, name="own-choices"),
    path(
        "account/choices/receipts/<uuid:entry>.jsonld",
        preferences.own_receipt,
        name="own-receipt",
    ),
    path(".well-known/gpc.json", wellknown.gpc, name="gpc"),
    path(".well-known/security.txt", wellknown.security, name="security-txt"),
    path("favicon.ico", wellknown.favicon, name="favicon"),
    path("robots.txt", wellknown.robots, name="robots-txt"),
    path("accent.css", wellknown.accent, name="accent"),
]
