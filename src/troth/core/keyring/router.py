from __future__ import annotations

from typing import Any

ALIAS = "keyring"


class KeyringRouter:
    """Sends the keys to the keyring's own database, and nothing else there.

    A backup of the main database alone then reveals nobody.
    """

    def db_for_read(self, model: Any, **_: Any) -> str | None:
        return ALIAS if model._meta.app_label == ALIAS else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **_: Any) -> bool | None:
        sides = {one._meta.app_label == ALIAS, other._meta.app_label == ALIAS}
        return None if sides == {False} else sides == {True}

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        return (app_label == ALIAS) == (db == ALIAS)
