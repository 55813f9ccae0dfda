"""What every test runs under: an empty installation of its own and strict property tests."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from base64 import urlsafe_b64encode
from pathlib import Path

import hypothesis
import pytest

# Last, not first: a folder of tests may be called like a library (`public` is one).
sys.path.append(str(Path(__file__).parent))


# In-process tests must never read or write a developer's own installation, so the settings are
# given a new folder and key before Django looks at them.
os.environ["TROTH_HOME"] = tempfile.mkdtemp(prefix="troth-test-")
os.environ["TROTH_MASTER_KEY"] = f"tests:{urlsafe_b64encode(secrets.token_bytes(32)).decode()}"
for name in ("DATABASE_URL", "KEYRING_URL", "TROTH_MASTER_KEY_FILE"):
    os.environ.pop(name, None)

if os.environ.get("TROTH_TEST_ENGINE") == "postgres":
    # `make test` runs the tests that use a database in this process a second time this way.
    pytest.register_assert_rewrite("support.postgres")
    from support import postgres

    server = postgres.temporary()
    atexit.register(postgres.stop, server)
    for name in ("DATABASE_URL", "KEYRING_URL"):
        os.environ[name] = server.create_database(name.removesuffix("_URL").lower())

# No test cuts the power, so nothing has to wait for a disk: where there is room in memory, files
# that tests make are there.
MEMORY, ROOM = Path("/dev/shm"), 6 << 30
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

os.environ["DJANGO_SETTINGS_MODULE"] = "troth.hub.settings"
from django.conf import settings  # noqa: E402 - reads what was set above

# The keyring's tables come from its models: its one migration would be sought among all others'.
settings.DATABASES["keyring"].setdefault("TEST", {})["MIGRATE"] = False
settings.SAME_TIME = (
    0.02  # nobody listens at the door here; a test of its own waits as long as told
)
# Each client of a test would list all static files anew.
settings.WHITENOISE_AUTOREFRESH = True
settings.PASSWORD_HASHERS = ["support.hashers.QuickArgon2"]

collect_ignore = ["alone"]  # A project of its own; test_core_alone.py runs it.

hypothesis.settings.register_profile("troth", deadline=None)
hypothesis.settings.load_profile("troth")


TOGETHER = {
    *("accounts", "agents", "campaigns", "console", "demo", "forms", "hub"),
    *(f"conversations/{part}" for part in ("desk", "inbox", "live", "mailing", "widget")),
    *("imports", "public", "referral", "rights_pages", "surveys"),
}
"""Folders whose tests share what takes long to make: one process runs all of a folder."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder, *below = item.path.relative_to(Path(__file__).parent).parts[:-1] or ("",)
        if folder == "conversations" and below:
            folder = f"{folder}/{below[0]}"
        if folder in TOGETHER and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(folder))


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(os.environ["TROTH_HOME"], ignore_errors=True)


pytest_plugins = [
    "support.rendered",
    "support.postgres",
    "support.databases",
    "support.installations",
    "support.browser",
    "support.mail",
    "support.clock",
    "support.proving",
]
