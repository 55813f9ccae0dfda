"""The tries in the order of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from troth.hub.demo.holding import phone
from troth.hub.demo.holding.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Try:
    """One card: what the visitor does, in which words, and what runs."""

    key: str
    title: str
    icon: str
    text: str
    button: str
    busy: str
    run: Callable[[], Outcome]


TRIES: Final = (
    Try(
        "phone",
        "Use a phone number for marketing",
        "phone",
        "Somebody left a number so that you could call them back. Have it for a campaign.",
        "Take the number",
        "Asking the gate…",
        phone.attempt,
    ),
)
BY_KEY: Final = {one.key: one for one in TRIES}
