from __future__ import annotations

from accounts.conftest import company, made, server

__all__ = ["company", "made", "server"]
