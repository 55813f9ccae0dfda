"""Where an installation lives: one folder with its databases, keys and settings.

The folder is named by ``TROTH_HOME`` (default: ``var`` under the working folder). Every value can
be overridden by an environment variable, so that a container needs no file at all.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEMO_BEGUN, DEMO_MADE = "demo-begun", "demo-made"


@dataclass(frozen=True)
class Home:
    """One installation on disk. Reading it never creates anything; `create` does."""

    folder: Path
    options: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def current(cls) -> Home:
        """The installation the environment points at."""
        folder = Path(os.environ.get("TROTH_HOME", "var")).absolute()
        path = folder / "settings.toml"
        options = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
        return cls(folder, options)

    def option(self, name: str, default: str = "") -> str:
        """A setting: ``TROTH_<NAME>`` in the environment first, then ``settings.toml``."""
        return os.environ.get(f"TROTH_{name.upper()}", str(self.options.get(name, default)))

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.option(name, str(default)).lower() in {"1", "true", "yes", "on"}

    @property
    def master_key_file(self) -> Path:
        return Path(os.environ.get("TROTH_MASTER_KEY_FILE", self.folder / "master.key"))

    @property
    def erasure_log(self) -> Path:
        """Which keys were destroyed, for a restore; another disk than the databases' is better."""
        return Path(self.option("erasure_log") or self.folder / "erasures.log")

    @property
    def mailbox(self) -> Path:
        return self.folder / "mailbox"

    @property
    def is_demo(self) -> bool:
        """Whether `troth demo` made this folder, be it finished or not: no real person is here."""
        return any((self.folder / mark).exists() for mark in (DEMO_BEGUN, DEMO_MADE))

    def database_url(self, alias: str) -> str:
        """``DATABASE_URL``/``KEYRING_URL``, the file's setting, or an SQLite file beside it."""
        name = "database_url" if alias == "default" else f"{alias}_url"
        default = f"sqlite:///{self.folder / ('main' if alias == 'default' else alias)}.sqlite3"
        return os.environ.get(name.upper()) or str(self.options.get(name, default))

    def secret_key(self) -> str:
        """Django's signing key: from the environment or ``secret.key``."""
        if key := os.environ.get("TROTH_SECRET_KEY"):
            return key
        path = self.folder / "secret.key"
        # Without an installation (checks, tests of pure parts) a key of the moment is enough.
        return path.read_text("ascii").strip() if path.exists() else secrets.token_urlsafe(50)

    def create(self) -> None:
        """Make the folder and its signing key, readable by the owner alone. Safe to repeat."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(PermissionError):  # somebody else's folder: the system check tells of it
            self.folder.chmod(0o700)
        path = self.folder / "secret.key"
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
