"""For everybody but what is in the account; a preference link carries a signature that its page
checks."""

from __future__ import annotations

from troth.kit.permissions import PERSON, PUBLIC

PERMISSIONS = {
    f"public:{name}": PUBLIC
    for name in (
        *("home", "policy", "policy-version", "policy-compare", "policy-clause", "policy-markdown"),
        *("policy-source", "policy-picture", "preferences", "preference-link"),
        *("preference-receipt", "security-txt", "robots-txt", "accent", "favicon", "gpc"),
    )
} | {f"public:{name}": PERSON for name in ("own-choices", "own-receipt")}
