"""All of it is for everybody; a preference link carries a signature that its page checks."""

from __future__ import annotations

from troth.kit.permissions import PUBLIC

PERMISSIONS = {
    f"public:{name}": PUBLIC
    for name in (
        *("home", "policy", "policy-version", "policy-compare", "policy-clause", "policy-markdown"),
        *("policy-source", "policy-picture", "cookies", "preferences", "preference-link"),
        *("preference-receipt", "security-txt", "robots-txt", "accent", "favicon"),
    )
}
