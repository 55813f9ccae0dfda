"""Makes the plain site's tables (it has no migrations of its own)."""

from __future__ import annotations

from django.core.management import call_command


def measure() -> dict[str, str]:
    call_command("migrate", run_syncdb=True, verbosity=0)
    return {}
