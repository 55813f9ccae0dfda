from __future__ import annotations

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self) -> None:
        from troth.core.api import declare  # noqa: PLC0415 - needs the registry

        declare("contenttypes.ContentType", not_personal=("id", "app_label", "model"))
