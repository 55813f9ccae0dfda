"""What runs beside the web processes comes back when it is killed, and goes when they go."""

from __future__ import annotations

import re
import signal
import socket
import sys
import time
from collections.abc import Callable
from subprocess import DEVNULL
from typing import Final

import psutil
import pytest

from support.installations import Installation, free_port, served
from support.reader import Reader

PATIENCE: Final = 60  # seconds


def children(parent: psutil.Process) -> dict[str, psutil.Process]:
    """What the server of this test started, by the name it has."""
    found = {}
    for one in parent.children(recursive=True):
        try:
            found[one.name()] = one
        except psutil.NoSuchProcess:
            continue
    return found


def soon(there: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not there():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def answers(url: str) -> bool:
    try:
        return Reader(url).get("/").status == 200
    except OSError:
        return False


def test_what_is_killed_comes_back_and_all_of_it_ends_together(
    make_installation: Callable[..., Installation],
) -> None:
    made = make_installation(TROTH_LIVE_PORT=str(free_port()))
    with served(made) as site:
        [server] = [
            one for one in psutil.Process().children() if str(site.port) in one.cmdline()[-3:]
        ]
        wanted = {
            f"troth {name}" for name in ("preloaded", "web", "pages", "worker", "live", "sender")
        }
        assert soon(lambda: wanted <= set(children(server)))
        before = children(server)
        for name in wanted:
            before[name].kill()
        assert soon(
            lambda: (
                wanted <= set(now := children(server))
                and all(now[name].pid != before[name].pid for name in wanted)
            )
        )
        assert soon(lambda: answers(site.url))
        last = children(server).values()
    # The last to go are told by the kernel, and lie there until the machine's first process looks.
    assert soon(lambda: not any(runs(one) for one in last))
    assert re.search(
        r"troth live ended with status .+ It starts again", site.log.read_text("utf-8")
    )


def test_a_port_that_is_taken_is_told_in_words(
    make_installation: Callable[..., Installation],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = make_installation().run("serve", "--port", str(port), check=False)
    assert done.returncode == 1
    assert f"Nothing can be served at port {port}" in done.stderr
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_what_is_done_apart_ends_with_who_asked_for_it(
    make_installation: Callable[..., Installation], sent: signal.Signals
) -> None:
    """Ctrl-C reaches one of them, and a signal to it alone does not reach the others."""
    work = "import time, troth.hub.beside as b, functools as f; b.apart(f.partial(time.sleep, 90))"
    made = make_installation()
    asks = psutil.Popen([sys.executable, "-c", work], env=made.variables(), stderr=DEVNULL)
    assert soon(lambda: "troth" in children(asks))
    started = children(asks).values()
    asks.send_signal(sent)
    asks.wait(PATIENCE)
    assert soon(lambda: not any(runs(one) for one in started))
