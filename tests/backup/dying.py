"""Killing a process at a step boundary: when it is about to open, rename or remove a file, to start
a program, to connect to a database, or to send it a statement, for the n-th time.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

from django.db import connections

from support.databases import open_anew

WHOLE: Final = bool(os.environ.get("TROTH_TESTS_WHOLE"))
"""Whether everything is tried that the suite only samples: `make stepkills` says so."""
STEPS: Final = frozenset(
    ("os.rename", "os.remove", "shutil.copyfile", "subprocess.Popen", "sqlite3.connect")
)


def points(last: int, count: int) -> list[int]:
    """So many of the steps, the first and the last among them; all of them where that is asked."""
    if WHOLE:
        return list(range(1, last + 1))
    rest = random.Random(20260301).sample(range(2, last), min(count, last - 2) - 2)
    return sorted({1, last, *rest})


def die_at(number: int, act: Callable[[], object], *, statements: bool = False) -> int:
    """Do `act` in a process that is killed at its step `number`. Returns how many steps it did,
    or -1 if it was killed. With `statements` each statement to a database is a step too.
    """
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        count = 0

        def step() -> None:
            nonlocal count
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)

        def before(execute: Callable[..., Any], *arguments: Any) -> Any:
            step()
            return execute(*arguments)

        def hear(event: str, arguments: tuple[object, ...]) -> None:
            written = event == "open" and str(arguments[1]).startswith(("w", "a", "x"))
            if event in STEPS or written:
                step()

        open_anew()
        sys.addaudithook(hear)
        try:
            with ExitStack() as wrapped:
                for one in connections.all() if statements else ():
                    wrapped.enter_context(one.execute_wrapper(before))
                act()
            os.write(writing, str(count).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    os.waitpid(child, 0)
    return int(said or -1)
