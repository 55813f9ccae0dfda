from __future__ import annotations

from django.urls import path

from troth.channels.conversations.live import views

urlpatterns = [
    path("console/conversations/live-ticket", views.ticket, name="live-ticket"),
]
