"""`troth …` on an installation that is served: each command is a process of its own, forked from
one that loaded the software when the first came. Loading it takes ten times as long as most do.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping
from tempfile import TemporaryFile
from typing import Any, Final

LONGEST: Final = 65_536  # bytes of a command line
ALONE: Final = frozenset({"policy", "init", "demo", "restore"})
"""Commands that do without Django, or begin with another installation than this one."""


class Commands:
    """The command line of one installation, until `close`."""

    def __init__(self, environment: Mapping[str, str], settings: Mapping[str, str]) -> None:
        self._environment, self._settings = dict(environment), dict(settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def take(self, words: list[str], settings: Mapping[str, str]) -> bool:
        """Whether it runs this command with these settings."""
        return not self._closed and words[0] not in ALONE and settings == self._settings

    def run(
        self, *arguments: str, stdin: str = "", days_ahead: float = 0
    ) -> subprocess.CompletedProcess[str]:
        """`troth ARGUMENTS`, as `subprocess.run` would give it, with its clock that much ahead."""
        if self._process is None:
            self._mine, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, __file__], env=self._environment, stdin=theirs
                )
        with TemporaryFile("w+") as given, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            given.write(stdin)
            given.seek(0)
            files = [given.fileno(), out.fileno(), err.fileno()]
            asked = json.dumps({"words": arguments, "days": days_ahead})
            socket.send_fds(self._mine, [asked.encode()], files)
            status = self._mine.recv(16)
            assert status, "what runs the commands has ended"
            said = []
            for file in (out, err):
                file.seek(0)
                said.append(file.read())
        return subprocess.CompletedProcess(["troth", *arguments], int(status), *said)

    def close(self) -> None:
        self._closed = True
        if self._process is not None:
            self._mine.close()
            self._process.wait(20)


def _serve() -> None:
    from troth.hub import cli  # noqa: PLC0415
    from troth.hub.setup import start  # noqa: PLC0415

    start(new=True)
    with socket.socket(fileno=os.dup(0)) as asked:
        while True:
            command, files, _, _ = socket.recv_fds(asked, LONGEST, 3)
            if not command:
                return
            child = os.fork()
            if child == 0:
                for number, file in enumerate(files):
                    os.dup2(file, number)
                told = json.loads(command)
                sys.argv = ["troth", *told["words"]]
                if told["days"]:
                    import sitecustomize  # noqa: PLC0415 - that of the tests is on their path

                    os.environ["DAYS_AHEAD_IN_TESTS"] = str(told["days"])
                    sitecustomize.live_later(told["days"])
                os._exit(_status(cli.main))
            for file in files:
                os.close(file)
            _, status = os.waitpid(child, 0)
            asked.send(str(os.waitstatus_to_exitcode(status)).encode())


def _status(main: Any) -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - what Python prints where nobody took it
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    _serve()
