from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

REGISTERED = register(
    "accounts.registered",
    sentence="Somebody registered with your address; a confirmation was asked",
).name
CONFIRMED = register(
    "accounts.confirmed", sentence="You confirmed your address and opened the account"
).name
SIGNED_IN = register("accounts.signed_in", sentence="{actor} logged in").name
SIGN_IN_REFUSED = register(
    "accounts.sign_in_refused", sentence="Somebody tried to log in and was refused"
).name
SIGNED_OUT = register(
    "accounts.signed_out", sentence="{actor} logged out; sessions ended: {count}"
).name
RESET_ASKED = register(
    "accounts.reset_asked", sentence="Somebody asked for a link to set a password"
).name
PASSWORD_SET = register("accounts.password_set", sentence="{actor} set a new password").name
CORRECTED = register("accounts.corrected", sentence="{actor} changed your {data}").name
ADDRESS_ASKED = register(
    "accounts.address_asked", sentence="{actor} asked to change the address you log in with"
).name
ADDRESS_CHANGED = register(
    "accounts.address_changed", sentence="{actor} confirmed the new address you log in with"
).name
ADDRESS_RESTORED = register(
    "accounts.address_restored", sentence="The address you log in with was put back"
).name
FACTOR_ON = register("accounts.factor_on", sentence="{actor} switched the second factor on").name
FACTOR_OFF = register("accounts.factor_off", sentence="{actor} switched the second factor off").name
PASSKEY_ADDED = register("accounts.passkey_added", sentence="{actor} added a passkey").name
PASSKEY_REMOVED = register("accounts.passkey_removed", sentence="{actor} removed a passkey").name
PASSKEY_REFUSED = register(
    "accounts.passkey_refused",
    sentence="A passkey whose counter had gone back was refused: it may have been copied",
).name
RECOVERY_USED = register("accounts.recovery_used", sentence="{actor} used a recovery code").name
LOCKED = register(
    "accounts.locked",
    sentence="You said “this was not me”, and the account was locked",
    detail={"about": kinds.key},
).name
LET_IN = register(
    "accounts.let-in",
    sentence="You opened a locked log-in for your browser by our mail",
).name
GUESSED = register(
    "accounts.guessed",
    sentence="Many log-ins were refused, and the account was locked for a while",
).name
UNLOCKED = register("accounts.unlocked", sentence="The account was opened again").name
INCIDENT_HANDLED = register(
    "accounts.incident_handled",
    sentence="{actor} looked into your “this was not me”",
    detail={"about": kinds.key},
).name
INVITED = register("accounts.invited", sentence="{actor} invited you to the staff").name
