"""The channel's line of the console."""

from __future__ import annotations

from typing import Any

RAIL: list[dict[str, Any]] = [
    {"key": "v", "label": "Visits", "icon": "chart", "url": "web:overview", "order": 33}
]
