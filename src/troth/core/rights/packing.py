"""The access package."""

from __future__ import annotations

from troth.core.rights.models import Request


def package(request: Request) -> bytes:
    """The zip file for the person, made now from what is held now, and stored nowhere."""
    raise NotImplementedError
