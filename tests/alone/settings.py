"""A project of somebody else's that uses the core and nothing above it."""

from __future__ import annotations

SECRET_KEY = "not a secret"
USE_TZ = True
INSTALLED_APPS = [
    "troth.core.organisations",
    "troth.core.keyring",
    "troth.core.sealing",
    "troth.core.ledger",
    "troth.core.notices",
    "troth.core.people",
    "troth.core.recipients",
    "troth.core.gate",
    "troth.core.choices",
    "troth.core.rights",
    "shop",
    "django.contrib.contenttypes",
]
DATABASES = {
    alias: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    for alias in ("default", "keyring")
}
DATABASE_ROUTERS = ["troth.core.keyring.router.KeyringRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
