"""One of several workers that deal with requests for access, beside `bench.inside.outside`."""

from __future__ import annotations

import sys
import time
from typing import Any

from bench.inside.outside import parts
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.people.models import Element, Person


def measure(first: str, last: str) -> dict[str, Any]:
    """Says that it is ready, and when a line comes deals with the people from `first` to `last`,
    in the order they came. Returns the CPU seconds it took.
    """
    with scope(Organisation.objects.get()):
        holding = Element.objects.values("person").distinct()
        everybody = list(Person.objects.filter(pk__in=holding).order_by("created_at", "pk"))
        mine = everybody[int(first) : int(last)]
        parts(everybody[-1])  # what is made once in a process is made
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        used = time.process_time()
        for one in mine:
            parts(one)
        return {"cpu": time.process_time() - used, "done": len(mine)}
