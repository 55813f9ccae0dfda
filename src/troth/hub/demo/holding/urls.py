"""Mounted at `see-it-hold/` by the hub."""

from __future__ import annotations

from django.urls import path

from troth.hub.demo.holding import views

app_name = "holding"
urlpatterns = [
    path("", views.index, name="index"),
    path("restore/progress", views.progress, name="progress"),
    path("<slug:key>", views.attempt, name="try"),
]
