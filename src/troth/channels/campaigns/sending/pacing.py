"""How fast mail may leave: token buckets in the database, which all processes share.

One bucket is the installation's (setting ``campaigns_per_second``), and one is kept for each domain
mail goes to (``campaigns_per_domain_per_second``). Without a setting nothing is counted. A bucket
holds one second's worth, or one message where that is less.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from troth.channels.campaigns.models import Pace

_ALL: Final = b"all"


def global_rate() -> float:
    """Messages a second of the whole installation; 0: as fast as it goes."""
    return float(settings.HOME.option("campaigns_per_second", "0"))


def domain_rate() -> float:
    """Messages a second to one domain; 0: as fast as it goes."""
    return float(settings.HOME.option("campaigns_per_domain_per_second", "0"))


def take(wanted: int) -> int:
    """How many of `wanted` messages may leave now, counted as gone."""
    rate = global_rate()
    return _taken({_ALL: wanted}, rate)[_ALL] if rate > 0 and wanted else wanted


def give_back(unused: int) -> None:
    """Messages that were taken and did not leave."""
    if unused > 0 and global_rate() > 0:
        _taken({_ALL: -unused}, global_rate())


def take_of_domains(wanted: Mapping[str, int]) -> Mapping[str, int]:
    """The same for each domain. What is stored of a domain is a keyed digest."""
    rate = domain_rate()
    if rate <= 0 or not wanted:
        return wanted
    keys = {domain: _digest(domain) for domain in wanted}
    taken = _taken({keys[domain]: count for domain, count in wanted.items()}, rate)
    return {domain: taken[key] for domain, key in keys.items()}


def _digest(domain: str) -> bytes:
    return salted_hmac("troth.campaigns.domain", domain.lower(), algorithm="sha256").digest()[:16]


def _taken(wanted: Mapping[bytes, int], rate: float) -> dict[bytes, int]:
    now, most = time.time(), max(rate, 1.0)
    with transaction.atomic():
        # In one order, so that two processes cannot wait for each other.
        keys = sorted(wanted)
        Pace.objects.bulk_create(
            [Pace(key=key, tokens=most, at=now) for key in keys], ignore_conflicts=True
        )
        rows = Pace.objects.select_for_update().filter(key__in=keys).order_by("key")
        taken = {}
        for row in rows:
            key = bytes(row.key)
            there = min(most, row.tokens + max(0.0, now - row.at) * rate)
            taken[key] = min(wanted[key], int(there))
            row.tokens, row.at = there - taken[key], now
            row.save(update_fields=["tokens", "at"])
    return taken
