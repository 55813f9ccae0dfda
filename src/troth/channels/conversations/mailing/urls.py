from __future__ import annotations

from django.urls import path

from troth.channels.conversations.mailing import rating_page

urlpatterns = [path("rate/<str:token>", rating_page.rate, name="rate")]
