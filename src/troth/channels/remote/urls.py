from __future__ import annotations

from django.urls import path

from troth.channels.remote.views import console, public

app_name = "remote"
HERE = "console/remote"
urlpatterns = [
    path("help-session", public.enter, name="enter"),
    path("help-session/<slug:ref>/<str:secret>", public.session, name="session"),
    path("help-session/<slug:ref>/<str:secret>/do", public.do, name="do"),
    path(HERE, console.index, name="list"),
    path(f"{HERE}/<slug:ref>", console.one, name="one"),
    path(f"{HERE}/<slug:ref>/ticket", console.ticket, name="ticket"),
    path(f"{HERE}/<slug:ref>/end", console.end, name="end"),
    path(f"{HERE}/<slug:ref>/note", console.note, name="note"),
]
