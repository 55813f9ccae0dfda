"""Mounted by the hub at the root: where password managers look for the page to change one at
(W3C, A Well-Known URL for Changing Passwords, section 2).
"""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

app_name = "accounts-well-known"
urlpatterns = [
    path(
        ".well-known/change-password",
        RedirectView.as_view(pattern_name="accounts:password"),
        name="change-password",
    ),
]
