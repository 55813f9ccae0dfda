"""Erases one person of a database, and says when it is in the middle: `killed.py URL`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from sqlalchemy import event  # noqa: E402

from connect.shops import DESCRIPTION, Shop, database, opened, subject  # noqa: E402

url, stop = sys.argv[1], int(sys.argv[2])
engine = opened(url)
seen = 0


@event.listens_for(engine, "after_cursor_execute")
def after(connection: object, cursor: object, statement: str, *_: object) -> None:
    """After the given change, wait to be killed with the transaction open."""
    global seen  # noqa: PLW0603
    seen += statement.startswith(("UPDATE", "DELETE"))
    if seen == stop:
        print("in the middle", flush=True)
        sys.stdin.read()


source = database(Shop(url, engine), DESCRIPTION)
source.run("erase", "deletion", subject(), {})
print("done", flush=True)
