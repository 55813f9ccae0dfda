from __future__ import annotations

from troth.core.ledger.acts import register

MERGED = register("people.merged", sentence="{actor} joined two records of you").name
UNMERGED = register("people.unmerged", sentence="{actor} took two joined records apart again").name
