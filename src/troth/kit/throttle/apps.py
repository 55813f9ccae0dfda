from __future__ import annotations

from django.apps import AppConfig


class ThrottleConfig(AppConfig):
    name = "troth.kit.throttle"
    label = "throttle"
