"""Cases of which the people they are about may not hear yet, since an order forbids it."""

from __future__ import annotations

from django.db.models import Q

from troth.core import clock
from troth.core.cases.models import Case


def silent(prefix: str = "") -> Q:
    """What holds of a case that nobody may be told of now."""
    later = Q(**{f"{prefix}telling": Case.Telling.LATER})
    ends = f"{prefix}silent_until"
    return later & (Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": clock.now()}))


def veiled(refs: frozenset[str]) -> frozenset[str]:
    """Those of these cases, for the timelines of people."""
    return frozenset(Case.objects.filter(silent(), ref__in=refs).values_list("ref", flat=True))
