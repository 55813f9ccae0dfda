"""The stand-in of a payment company, as a program of its own on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

KEY: Final = "sk_test_of_the_stand_in"
SECRET: Final = "whsec_of_the_stand_in"


@dataclass(frozen=True)
class Till:
    """Where it is, and what it heard."""

    origin: str

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every call of its interface so far: verb, path, fields and idempotency key."""
        with urllib.request.urlopen(f"{self.origin}/calls", timeout=10) as answer:
            return json.load(answer)

    def calls_about(self, ref: str) -> list[dict[str, Any]]:
        """Those with an order's reference somewhere in them."""
        return [one for one in self.calls if ref in json.dumps(one)]

    def set(self, **values: str) -> None:
        """`hook` is where its messages go; `failing`, how many calls it will not answer."""
        body = urllib.parse.urlencode(values).encode()
        urllib.request.urlopen(f"{self.origin}/set", body, timeout=10).close()


@contextmanager
def till() -> Iterator[Till]:
    """A running stand-in."""
    command = [sys.executable, "-m", "troth.hub.demo.standin", "--key", KEY, "--secret", SECRET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Till(process.stdout.readline().strip())
        finally:
            process.terminate()
