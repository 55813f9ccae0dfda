from __future__ import annotations

from django.urls import path

from troth.channels.cookies import views

app_name = "cookies"
urlpatterns = [
    path("cookies", views.settings, name="settings"),
    path("cookies/arrangement", views.arrange, name="arrange"),
]
