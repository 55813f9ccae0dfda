"""Who brings lists in the tests, and what they read."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.management import call_command
from django.test import Client

from troth.channels.imports.models import Import
from troth.core.organisations.models import Organisation


def words(answer: Any) -> str:
    """The text a person reads."""
    bare = re.sub(
        r"<(script|style|svg|head).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def run_tasks() -> None:
    """What the worker does until nothing is ready."""
    call_command(
        "db_worker", batch=True, interval=0, startup_delay=False, verbosity=0, reload=False
    )


def lines(*rows: str) -> bytes:
    return ("\r\n".join(rows) + "\r\n").encode()


@dataclass
class Desk:
    """A member of the staff at their browser."""

    browser: Client
    organisation: Organisation

    def get(self, path: str) -> Any:
        return self.browser.get(path)

    def reads(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}: {words(answer)}"
        return words(answer)

    def post(self, path: str, **data: Any) -> Any:
        return self.browser.post(path, data)

    def upload(self, content: bytes) -> Any:
        return self.post("/console/imports/new", list=BytesIO(content))

    def bring(self, content: bytes) -> Import:
        """Upload, and have it read."""
        answer = self.upload(content)
        assert answer.status_code == 302, words(answer)
        run_tasks()
        return Import.objects.get(ref=answer["Location"].rsplit("/", 1)[-1])

    def page(self, run: Import) -> str:
        return self.reads(f"/console/imports/{run.ref}")

    def rehearse(self, run: Import, **columns: str) -> Import:
        """Choose columns (as guessed, unless told otherwise) and have the list tried."""
        chosen = {key: str(at) for key, at in run.columns.items()} | columns
        answer = self.post(f"/console/imports/{run.ref}/columns", **chosen)
        assert answer.status_code == 302, words(answer)
        run_tasks()
        run.refresh_from_db()
        return run

    def start(self, run: Import) -> Any:
        return self.post(f"/console/imports/{run.ref}/start")

    def let_in(self, content: bytes, **columns: str) -> Import:
        """The whole way, with the counts of the trial found again at the end."""
        run = self.rehearse(self.bring(content), **columns)
        tried = (run.new, run.known, run.refused, run.bad)
        assert self.start(run).status_code == 302
        run_tasks()
        run.refresh_from_db()
        assert (run.new, run.known, run.refused, run.bad) == tried
        return run

    def problems(self, run: Import) -> list[str]:
        answer = self.get(f"/console/imports/{run.ref}/problems.csv")
        assert answer.status_code == 200
        return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
