from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "conversations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("troth.channels.conversations.widget.urls")),
    path("", include("troth.channels.conversations.mailing.urls")),
    path("", include("troth.channels.conversations.live.urls")),
    path("", include("troth.channels.conversations.console.urls")),
]
