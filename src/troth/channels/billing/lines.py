"""What was bought, as words that a person reads in their own data and a program reads back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from troth.channels.billing import money
from troth.channels.billing.models import Product

MOST: Final = 100
_LINE: Final = re.compile(r"(\d+) × (.+) \((.+)\): (\S+ [A-Z]{3})")


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one product, and what they come to."""

    quantity: int
    name: str
    period: str
    total: str

    @classmethod
    def of(cls, product: Product, quantity: int) -> Self:
        total = money.words(product.price * quantity, product.currency)
        return cls(quantity, product.name, product.get_period_display().lower(), total)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """A line from its words; None for words of another origin."""
        found = _LINE.fullmatch(text)
        return cls(int(found[1]), found[2], found[3], found[4]) if found else None

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name} ({self.period}): {self.total}"
