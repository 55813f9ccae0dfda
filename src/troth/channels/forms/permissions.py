from __future__ import annotations

from troth.kit.permissions import PUBLIC

PERMISSIONS = {
    "forms:form": PUBLIC,
    "forms:embed": PUBLIC,
    "forms:call": PUBLIC,
    "forms:openapi": PUBLIC,
    "forms:thanks": PUBLIC,
    "forms:receipt": PUBLIC,
    "forms:confirm": PUBLIC,
    "forms:asked": PUBLIC,
    "forms:sign-up": PUBLIC,
    "forms:script": PUBLIC,
    "forms:inbox": "inbox.read",
    "forms:submission": "inbox.read",
    "forms:mark": "inbox.read",
}
