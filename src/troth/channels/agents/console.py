"""The channel's line of the console: who may ask for people."""

from __future__ import annotations

from typing import Any

from troth.channels.agents.entering import ABILITY

RAIL: list[dict[str, Any]] = [
    {
        "key": "a",
        "label": "Agents",
        "icon": "person",
        "url": "agents:index",
        "need": ABILITY,
        "order": 45,
    }
]
