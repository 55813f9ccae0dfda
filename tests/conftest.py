"""What every test runs under: an empty installation of its own and strict property tests."""

from __future__ import annotations

import importlib.util
import os
import secrets
import tempfile
from base64 import b64encode

import hypothesis

# In-process tests must never read or write a developer's own installation, so the settings are
# given a new folder and key before Django looks at them.
os.environ["TROTH_HOME"] = tempfile.mkdtemp(prefix="troth-test-")
os.environ["TROTH_MASTER_KEY"] = b64encode(secrets.token_bytes(32)).decode("ascii")
for name in ("DATABASE_URL", "KEYRING_URL", "TROTH_MASTER_KEY_FILE"):
    os.environ.pop(name, None)

if importlib.util.find_spec("troth.hub.urls"):
    os.environ["DJANGO_SETTINGS_MODULE"] = "troth.hub.settings"
    from django.conf import settings

    assert settings.DATABASES

hypothesis.settings.register_profile("troth", deadline=None)
hypothesis.settings.load_profile("troth")

pytest_plugins = [
    "support.postgres",
    "support.installations",
    "support.browser",
    "support.mail",
]
