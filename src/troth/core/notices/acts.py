from __future__ import annotations

from troth.core.ledger.acts import register

PUBLISHED = register("notices.published", sentence="{actor} published version {version}").name
