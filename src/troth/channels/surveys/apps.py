from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "troth.channels.surveys"
    label = "surveys"

    def ready(self) -> None:
        from troth.channels.surveys import acts, mails  # noqa: F401, PLC0415 - registry

        mails.register()
