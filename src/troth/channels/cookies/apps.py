from __future__ import annotations

from django.apps import AppConfig


class CookiesConfig(AppConfig):
    name = "troth.channels.cookies"
    label = "cookies"
