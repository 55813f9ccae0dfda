"""What the fork server of `troth serve` loads before it forks anything: nothing of it opens a
database, starts a thread or reads a key.
"""

from __future__ import annotations

import gc
from importlib import import_module

from troth.hub.beside import be_the_server
from troth.hub.home import Home
from troth.hub.setup import start

USED_BY_ALL = (
    "troth.channels.campaigns.sending",
    "troth.channels.conversations.live.serving",
    "troth.channels.remote.live.serving",
    "troth.hub.commands.serve",
    "troth.hub.urls",
)

be_the_server()
if not (Home.current().folder / "restore.json").exists():  # else the settings are to come yet
    start(new=True)  # whether there is an installation is told by the first that is forked
    for _module in USED_BY_ALL:
        import_module(_module)
    gc.freeze()  # a collection in a child would write to, and so copy, all that is shared
