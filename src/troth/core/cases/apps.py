from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "troth.core.cases"
    label = "cases"

    def ready(self) -> None:
        from troth.core.cases import acts, standing, veiling  # noqa: F401, PLC0415 - registries
        from troth.core.gate.authorities import register_authority  # noqa: PLC0415
        from troth.core.ledger.timelines import register_veil  # noqa: PLC0415
        from troth.core.rights.own.telling import leave_out  # noqa: PLC0415

        register_authority(standing.standing)
        register_veil(veiling.veiled)
        # What is on record of a case stands on the person's timeline, once nothing forbids it.
        leave_out("cases.Concern", rows=veiling.silent("case__"))
