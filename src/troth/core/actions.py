"""Actions: verbs that do gate → change → ledger in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from troth.core.errors import Denied

P = ParamSpec("P")
R = TypeVar("R")

_on_denial: list[Callable[[Denied], None]] = []


def on_denial(hear: Callable[[Denied], None]) -> None:
    """Have `hear` called with each denial, after the transaction it ended was rolled back."""
    if hear not in _on_denial:  # `ready()` may run again
        _on_denial.append(hear)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run the verb in one transaction, so that the change and its ledger entry stand or fall
    together. A denial is told to the ledger afterwards, since the rollback would take it along.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if transaction.get_connection().in_atomic_block:
            return function(*args, **kwargs)
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except Denied as denied:
            for hear in _on_denial:
                hear(denied)
            raise

    return run
