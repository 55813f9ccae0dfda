from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "troth.channels.forms"
    label = "forms"
