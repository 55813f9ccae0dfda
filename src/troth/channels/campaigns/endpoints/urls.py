from __future__ import annotations

from typing import Final

from django.urls import path

from troth.channels.campaigns.endpoints import unsubscribing
from troth.kit.permissions import PUBLIC

urlpatterns: Final = [
    path("campaigns/unsubscribe/<str:token>", unsubscribing.unsubscribe, name="unsubscribe"),
]
PERMISSIONS: Final = {f"campaigns:{one.name}": PUBLIC for one in urlpatterns}
"""All public: each address carries a token that the page checks."""
