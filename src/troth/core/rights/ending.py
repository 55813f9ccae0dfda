"""Removing elements: the one primitive of erasure and retention."""

from __future__ import annotations

from typing import Literal

from django.db.models import QuerySet

from troth.core.people.models import Element


def end(
    elements: QuerySet[Element], *, then: Literal["erase", "depersonalise", "lock"], clause: str
) -> int:
    """Remove, depersonalise or lock these elements. Returns how many."""
    raise NotImplementedError
