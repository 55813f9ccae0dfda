"""System checks: a wrong or missing master key is told at start-up, in words."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from troth.core.errors import Refusal


@register(Tags.database)
def master_key_opens_keyring(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """troth.E001: the master key is missing, malformed, or belongs to another installation."""
    from troth.core.keyring.store import check_key  # noqa: PLC0415 - needs the app registry

    if not databases or "keyring" not in databases:
        return []
    try:
        check_key()
    except Refusal as refusal:
        return [Error(refusal.what, hint=f"{refusal.why} {refusal.do}".strip(), id="troth.E001")]
    return []
