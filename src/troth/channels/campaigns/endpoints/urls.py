from __future__ import annotations

from typing import Final

from django.urls import path

from troth.channels.campaigns.endpoints import following, tracking, unsubscribing
from troth.kit.permissions import PUBLIC

urlpatterns: Final = [
    path("campaigns/unsubscribe/<str:token>", unsubscribing.unsubscribe, name="unsubscribe"),
    path("campaigns/open/<str:token>", following.picture, name="open"),
    path("campaigns/click/<str:token>", following.link, name="click"),
    path("campaigns/webhooks/<slug:provider>", tracking.webhook, name="webhook"),
]
PERMISSIONS: Final = {f"campaigns:{one.name}": PUBLIC for one in urlpatterns}
"""All public: each address carries a token, or a signature that is checked."""
