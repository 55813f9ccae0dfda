"""What becomes of each element when its person is erased: erased, depersonalised, or locked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from troth.core import clock
from troth.core.among import Ids
from troth.core.gate import locks
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.policy import Rules


@dataclass
class Fates:
    """Elements by what becomes of them."""

    erased: list[Element] = field(default_factory=list)
    depersonalised: list[Element] = field(default_factory=list)
    locked: list[Element] = field(default_factory=list)


def fates(people: Iterable[UUID]) -> Fates:
    """Judge each element of these records by the keep clause in force."""
    rules, found = current().rules, Fates()
    for element in Element.objects.filter(person__id__among=Ids(people)).order_by("id"):
        if element.locked_at is not None or _stays(rules, element):
            found.locked.append(element)
        elif _fate(rules, element.touchpoint, element.category) == "depersonalise":
            found.depersonalised.append(element)
        else:
            found.erased.append(element)
    return found


@lru_cache(maxsize=4096)
def _fate(rules: Rules, touchpoint: str, category: str) -> str:
    """What the keep clause says of it, if it does not stay: ``erase`` or ``depersonalise``."""
    keep = rules.keep(category, touchpoint)
    return "depersonalise" if keep is not None and keep.then == "depersonalise" else "erase"


def _stays(rules: Rules, element: Element) -> bool:
    keep = locks.stays(rules, element.touchpoint, element.category)
    if keep is None:
        return False
    calendar = rules.policy.company.calendar
    return not locks.over(keep, element.collected_at, clock.now(), calendar)
