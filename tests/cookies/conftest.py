"""Comm100's site in this process."""

from __future__ import annotations

from accounts.conftest import (  # noqa: F401 - fixtures
    ada,
    company,
    customer,
    made,
    new_account,
    post,
    server,
)
