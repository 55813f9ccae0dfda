from __future__ import annotations

from django.urls import path

from troth.channels.referral import views

app_name = "referral"
urlpatterns = [
    path("referral", views.form, name="form"),
    path("referral/sent", views.sent, name="sent"),
    path("referral/no-more/<str:token>", views.no_more, name="no-more"),
]
