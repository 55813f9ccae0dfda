from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "troth.channels.surveys"
    label = "surveys"

    def ready(self) -> None:
        from troth.channels.forms.api import on_answer, on_confirmed  # noqa: PLC0415 - needs the apps
        from troth.channels.surveys import acts, mails  # noqa: F401, PLC0415 - registry
        from troth.channels.surveys.answering import confirmed  # noqa: PLC0415 - needs the apps

        mails.register()
        on_confirmed(confirmed)
        on_answer(mails.numbered)
