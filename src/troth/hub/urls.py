"""All addresses of a site. Each part brings its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("troth.hub.public.urls")),
    path("", include("troth.channels.cookies.urls")),
    path("", include("troth.channels.forms.urls")),
    path("", include("troth.channels.referral.urls")),
    path("", include("troth.channels.imports.urls")),
    path("", include("troth.channels.campaigns.urls")),
    path("", include("troth.channels.notices.urls")),
    path("", include("troth.channels.recipients.urls")),
    path("", include("troth.channels.rights.urls")),
    path("", include("troth.channels.agents.urls")),
    path("", include("troth.channels.conversations.urls")),
    path("", include("troth.channels.surveys.urls")),
    path("", include("troth.channels.billing.urls")),
    path("", include("troth.channels.community.urls")),
    path("", include("troth.channels.cases.urls")),
    path("", include("troth.channels.domains.urls")),
    path("", include("troth.channels.remote.urls")),
    path("", include("troth.channels.web.urls")),
    path("account/", include("troth.channels.accounts.urls")),
    path("", include("troth.channels.accounts.well_known")),
    path("", include("troth.hub.assessing.urls")),
    path("console/", include("troth.hub.console.urls")),
    path("kit/", include("troth.kit.urls")),
    path("mailbox/", include("troth.hub.demo.urls")),
    path("see-it-hold/", include("troth.hub.demo.holding.urls")),
]
