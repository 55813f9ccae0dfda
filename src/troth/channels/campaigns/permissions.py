from __future__ import annotations

from troth.channels.campaigns.endpoints import urls as endpoints

PERMISSIONS = {**endpoints.PERMISSIONS}
