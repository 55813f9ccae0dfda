from __future__ import annotations

from troth.core.ledger.acts import register

SITE_ADDED = register(
    "web.site_added", sentence="{actor} let the pages of one more site report visits"
).name
SITE_REMOVED = register(
    "web.site_removed", sentence="{actor} ended the reports of visits from a site"
).name
