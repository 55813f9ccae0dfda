from __future__ import annotations

from django.urls import path

from troth.channels.imports import confirming, views

app_name = "imports"
urlpatterns = [
    path("console/imports/", views.index, name="index"),
    path("console/imports/new", views.new, name="new"),
    path("console/imports/<slug:ref>", views.run, name="run"),
    path("console/imports/<slug:ref>/columns", views.columns, name="columns"),
    path("console/imports/<slug:ref>/start", views.start, name="start"),
    path("console/imports/<slug:ref>/cancel", views.cancel, name="cancel"),
    path("console/imports/<slug:ref>/problems.csv", views.problems, name="problems"),
    path("imports/confirm/<str:token>", confirming.confirm, name="confirm"),
]
