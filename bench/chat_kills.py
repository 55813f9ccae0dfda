"""`make chatkills`: web, live and worker processes are killed at random while chats go on, five
minutes on each database.

Fails unless every acknowledged message is stored once, in the order its writer wrote it, both sides
saw exactly what is stored, every chat opened over the web is there once, and the ledger verifies.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from bench import chat
from bench.places import POSTGRES, SQLITE, inside, installed
from support.installations import TROTH, Installation, free_port

CHATS, SECONDS = 30, 300.0
PARTS: Final = ("web", "live", "worker")
PAUSE: Final = (0.5, 4.0)  # seconds between two kills


@dataclass
class Parts:
    """`troth serve` for each part, begun again whenever it was killed."""

    installation: Installation
    web: int
    live: int
    chance: random.Random
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    killed: dict[str, int] = field(default_factory=dict)

    def begin(self, part: str) -> None:
        environment = self.installation.variables() | {"TROTH_LIVE_PORT": str(self.live)}
        with (self.installation.home / f"{part}.log").open("ab") as log:
            self.running[part] = subprocess.Popen(
                [TROTH, "serve", "--part", part, "--port", str(self.web), "--workers", "1"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, part: str) -> None:
        """With all its processes, at once and without a word."""
        process = self.running[part]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.killed[part] = self.killed.get(part, 0) + 1

    def trouble(self, until: float) -> None:
        """Kill one at a time, at random, and begin it again."""
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, self.chance.uniform(*PAUSE)))
            part = self.chance.choice(PARTS)
            self.kill(part)
            self.begin(part)

    def end(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(30)


def main(engine: str, seconds: float = SECONDS, chats: int = CHATS) -> bool:
    """Whether everything holds on this database."""
    seed = random.SystemRandom().randrange(2**32)
    settings = {
        "DJANGO_SETTINGS_MODULE": "troth.hub.settings",
        "TROTH_LIVE_MESSAGES_PER_SECOND": "100",
        "TROTH_LIVE_HELLOS_PER_MINUTE": "1000000",
        "TROTH_BEHIND_PROXY": "true",
    }
    with installed(engine, **settings) as installation:
        there = chat.prepared(installation, chats)
        parts = Parts(installation, free_port(), free_port(), random.Random(seed))
        try:
            for part in PARTS:
                parts.begin(part)
            until = time.monotonic() + seconds
            troubling = threading.Thread(target=parts.trouble, args=(until,))
            troubling.start()
            found = inside(
                installation,
                "chat_kills",
                *(str(there), str(parts.live), str(parts.web), str(seconds)),
            )
            troubling.join()
            time.sleep(3)  # the worker gives the last entries their place
        finally:
            parts.end()
        verified = installation.run("ledger", "verify", check=False)
    fine = not (found["lost"] or found["doubled"] or found["wrongs"] or found["waiting"])
    fine = fine and verified.returncode == 0 and found["acknowledged"] == found["stored"]
    told = ", ".join(f"{part} {count} times" for part, count in sorted(parts.killed.items()))
    print(
        f"{engine}, seed {seed}: killed {told} in {seconds:.0f} s; {found['acknowledged']:,} "
        f"messages acknowledged, {found['stored']:,} stored, {found['lost']} lost, "
        f"{found['doubled']} doubled; {found['opened']} chats opened over the web; "
        f"{found['reconnected']:,} times somebody came back; "
        f"{'the ledger verifies' if verified.returncode == 0 else verified.stdout}"
    )
    for line in found["wrong"]:
        print(f"  {line}")
    print("holds" if fine else "DOES NOT HOLD", flush=True)
    return fine


if __name__ == "__main__":
    given = sys.argv[1:]
    engines = [POSTGRES] if "postgres" in given else [SQLITE] if "sqlite" in given else []
    numbers = [float(one) for one in given if one.replace(".", "").isdigit()]
    outcomes = [main(engine, *numbers[:1]) for engine in engines or (SQLITE, POSTGRES)]
    sys.exit(0 if all(outcomes) else 1)
