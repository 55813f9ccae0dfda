from __future__ import annotations

from django.urls import path

from troth.channels.forms import calls, inbox, views

app_name = "forms"
urlpatterns = [
    path("forms/embed.js", views.script, name="script"),
    path("forms/sent/<str:token>", views.thanks, name="thanks"),
    path("forms/sent/<str:token>/receipt.json", views.receipt, name="receipt"),
    path("forms/asked", views.asked, name="asked"),
    path("forms/sign-up/<str:token>", views.sign_up, name="sign-up"),
    path("forms/confirm/<str:token>", views.confirm, name="confirm"),
    path("forms/<slug:name>", views.form, name="form"),
    path("forms/<slug:name>.json", calls.form, name="call"),
    path("api/openapi.json", calls.openapi, name="openapi"),
    path("forms/<slug:name>/embed", views.embed, name="embed"),
    path("console/inbox/", inbox.index, name="inbox"),
    path("console/inbox/<str:ref>", inbox.submission, name="submission"),
    path("console/inbox/<str:ref>/mark", inbox.mark, name="mark"),
]
