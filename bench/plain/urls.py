from __future__ import annotations

from django.urls import path

from bench.plain import views

urlpatterns = [
    path("contact", views.contact, name="contact"),
    path("thanks", views.thanks, name="thanks"),
]
