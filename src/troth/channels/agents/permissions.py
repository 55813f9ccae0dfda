from __future__ import annotations

from troth.channels.agents.entering import ABILITY
from troth.kit.permissions import PUBLIC

PERMISSIONS = {
    # Each looks at a bearer token or a signature itself.
    **dict.fromkeys(
        ("agents:exercise", "agents:exercise-slash", "agents:request", "agents:agent"), PUBLIC
    ),
    **dict.fromkeys(("agents:index", "agents:new", "agents:one", "agents:call-again"), ABILITY),
}
