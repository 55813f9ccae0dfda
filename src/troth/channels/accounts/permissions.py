"""Who may open which page of accounts."""

from __future__ import annotations

from troth.kit.permissions import PERSON, PUBLIC

# Whoever is not logged in comes here to log in, or with a signed link that the page checks.
_OPEN = (
    *("register", "registered", "confirm", "login", "login-code", "logged-out"),
    *("login-passkey", "login-passkey-options"),
    *("reset", "reset-sent", "reset-link", "let-in", "invitation"),
    "not-me",
)
_OWN = (
    *("home", "logout", "password", "profile", "address", "address-confirm"),
    *("security", "sessions"),
    *("end-session", "end-others", "factor", "factor-off", "new-codes"),
    *("passkeys", "passkey-options", "passkey-remove"),
    *("my-data", "receipt", "checking"),
)

PERMISSIONS = (
    {f"accounts:{name}": PUBLIC for name in _OPEN}
    | {f"accounts:{name}": PERSON for name in _OWN}
    | {"accounts-well-known:change-password": PUBLIC}
)
