"""The organisation's DKIM key."""

from __future__ import annotations

from troth.kit.mail.signing import SELECTOR, signer

__all__ = ["SELECTOR", "signer"]
