"""Amounts, in the smallest unit of a currency (ISO 4217), and in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

NO_CENTS: Final = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split()
)
CURRENCIES: Final = tuple("AUD CAD CHF CNY EUR GBP HKD JPY NZD SEK SGD USD".split())
LARGEST: Final = 99_999_999


def words(amount: int, currency: str) -> str:
    """An amount as people read it: ``1,250.00 EUR``."""
    places = 0 if currency in NO_CENTS else 2
    return f"{Decimal(amount).scaleb(-places):,.{places}f} {currency}"


def units(text: str, currency: str) -> int:
    """The smallest units of an amount as it was typed. Raises `ValueError`."""
    places = 0 if currency in NO_CENTS else 2
    try:
        found = Decimal(text.strip().replace(",", "")).scaleb(places)
    except ArithmeticError:  # no number, or one that overflows
        raise ValueError from None
    if not found.is_finite() or found != found.to_integral_value() or not 0 <= found <= LARGEST:
        raise ValueError
    return int(found)
