"""The key of an agent and a company: a bearer token, given once and kept as a digest.

It is 256 random bits, so a plain digest of it cannot be tried out.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from django.http import HttpRequest

from troth.channels.agents.models import Agent
from troth.core import clock


def give(agent: Agent) -> str:
    """A new token; the one before it stops working."""
    token = secrets.token_urlsafe(32)
    agent.token_digest, agent.token_at = digest(token), clock.now()
    agent.save(update_fields=["token_digest", "token_at"])
    return token


def bearer(request: HttpRequest) -> Agent | None:
    """The agent whose token the request carries (RFC 6750 section 2.1)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > 200:  # noqa: PLR2004
        return None
    return Agent.objects.filter(token_digest=digest(token.strip()), ended_at=None).first()


def digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
