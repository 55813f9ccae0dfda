"""Log lines without personal values.

Messages of other people's code may quote what a visitor typed (a path, a database error), so of
those only the template is printed, and of an exception only its type and where it happened.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

from troth.core.errors import Refusal

OURS = ("troth", "granian", "_granian")
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class ValueFreeFormatter(logging.Formatter):
    """``time level logger: message``; for requests ``status method route``."""

    default_msec_format = "%s.%03d"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        if not record.name.startswith(OURS):
            record = logging.makeLogRecord(record.__dict__ | {"args": (), "exc_text": None})
            record.msg = _request_line(record) or str(record.msg)
        return super().format(record)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the library's name
        kind, error, where = ei
        frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(where)]
        said = f": {error.what}" if isinstance(error, Refusal) else ""
        name = kind.__name__ if kind else "error"
        return "\n".join(["  " + frame for frame in frames] + [f"{name}{said}"])


def _request_line(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is None:
        return ""
    match = getattr(request, "resolver_match", None)
    route = f"/{match.route}" if match else "(no such page)"
    return f"{getattr(record, 'status_code', '')} {getattr(request, 'method', '')} {route}".strip()
