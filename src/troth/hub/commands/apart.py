"""Work done in a process of its own, so that the one which goes on never loads what it needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import click

from troth.core.errors import Refusal


def apart(work: Callable[[], None]) -> None:
    """Run `work` in a child and wait for it. Ends this process with the child's status where that
    is not 0; a refusal is told by the child.
    """
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os._exit(_status(work))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise SystemExit(code if code > 0 else 128 - code)


def _status(work: Callable[[], None]) -> int:
    try:
        work()
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
