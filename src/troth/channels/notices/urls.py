from __future__ import annotations

from django.urls import path

from troth.channels.notices import views

app_name = "notices"
urlpatterns = [
    path("account/changes/", views.mine, name="mine"),
    path("changes/<str:token>", views.by_link, name="by-link"),
]
