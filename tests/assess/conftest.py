from __future__ import annotations

from core.conftest import company, sqlite_pair

__all__ = ["company", "sqlite_pair"]
