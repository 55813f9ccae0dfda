"""The live process: `python -m troth.hub.live HOST PORT`, started by `troth serve`."""

from __future__ import annotations

import sys

from troth.hub.setup import start


def main(host: str, port: int) -> None:
    """Serve chats in real time until a signal comes."""
    start()
    from django.conf import settings  # noqa: PLC0415

    from troth.channels.conversations.live.serving import run  # noqa: PLC0415
    from troth.hub.backup.running import hold  # noqa: PLC0415

    hold(settings.HOME)
    run(host, port)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
