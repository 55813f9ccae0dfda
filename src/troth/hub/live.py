"""The live process: `python -m troth.hub.live HOST PORT`, started by `troth serve`."""

from __future__ import annotations

import sys

from troth.hub.setup import start


def main(host: str, port: int) -> None:
    """Serve chats and remote help in real time until a signal comes."""
    start()
    from django.conf import settings  # noqa: PLC0415

    from troth.channels.conversations.live import frames, serving as chats  # noqa: PLC0415
    from troth.channels.remote.live import serving as remote  # noqa: PLC0415
    from troth.hub.backup.running import hold  # noqa: PLC0415
    from troth.kit.live.parts import serve  # noqa: PLC0415

    hold(settings.HOME)
    serve([chats.part(), remote.part()], host=host, port=port, longest=frames.LONGEST)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
