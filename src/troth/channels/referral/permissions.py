from __future__ import annotations

from troth.kit.permissions import PUBLIC

PERMISSIONS = {
    "referral:form": PUBLIC,
    "referral:sent": PUBLIC,
    "referral:no-more": PUBLIC,
}
