"""Starting Django for the command line and the worker."""

from __future__ import annotations

import os


def start() -> None:
    """Set Django up for the installation the environment names."""
    import django  # noqa: PLC0415 - takes half a second that `--help` need not wait for

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.hub.settings")
    django.setup()
