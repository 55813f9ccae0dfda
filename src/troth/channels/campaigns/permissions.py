from __future__ import annotations

from typing import Final

from troth.channels.campaigns.endpoints import urls as endpoints
from troth.kit.permissions import PUBLIC

PERMISSIONS: Final[dict[str, str]] = {
    **endpoints.PERMISSIONS,
    **dict.fromkeys(("campaigns:archive", "campaigns:feed", "campaigns:archived"), PUBLIC),
}
