"""Mounted at `mailbox/` by the hub."""

from __future__ import annotations

from django.urls import path

from troth.hub.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<str:key>", views.message, name="message"),
    path("<str:key>/html", views.message_html, name="message-html"),
    path("<str:key>/source", views.message_source, name="message-source"),
    path("<str:key>/parts/<int:number>", views.attachment, name="attachment"),
]
