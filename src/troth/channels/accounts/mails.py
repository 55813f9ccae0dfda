"""The mails of accounts. What they say is made when they are sent; links are stored nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from troth.channels.accounts import incidents, invitations
from troth.channels.accounts.addresses import WAITS as CHANGE_WAITS, taken
from troth.channels.accounts.guessing import is_locked
from troth.channels.accounts.models import (
    AddressChange,
    Correction,
    Incident,
    Passkey,
    Registration,
    SecondFactor,
    SignIn,
    User,
)  # fmt: skip
from troth.channels.accounts.passwords import let_in_tokens, reset_tokens
from troth.channels.accounts.registering import WAITS
from troth.core.errors import Missing
from troth.core.notices.versions import current
from troth.kit import links
from troth.kit.categories import in_words
from troth.kit.outbox.api import Message, register_mail

CONFIRM: Final = "accounts.confirm"
ADDRESS: Final = "accounts.address"

Context = dict[str, Any]
M = TypeVar("M", bound=models.Model)


def register_all() -> None:
    """Register every kind, from `AppConfig.ready`."""
    kinds: dict[str, Callable[[Message], Context]] = {
        "confirm": _confirm,
        "exists": _account,
        "created": _correction,
        "changed": _correction,
        "new-device": _new_device,
        "reset": _reset,
        "address-confirm": _address_confirm,
        "address-asked": _address_asked,
        "address-changed": _address_asked,
        "factor-on": _factor_on,
        "factor-off": _account,
        "passkey-added": _passkey_added,
        "passkey-removed": _correction,
        "guessed": _guessed,
        "locked": _locked,
        "invitation": _invitation,
        "access": _account,
    }
    for name, context in kinds.items():
        register_mail(kind=f"accounts.{name}", template=f"accounts/mail/{name}.md", context=context)


def _row(model: type[M], message: Message) -> M:
    """What the mail is about. Raises `Missing` when it is gone by now; the mail is then dropped."""
    found = model._default_manager.filter(pk=message.record).first()
    if found is None:
        raise Missing("What this mail was about is not there any more.")
    return found


def _page(name: str, **arguments: Any) -> str:
    return links.absolute(reverse(f"accounts:{name}", kwargs=arguments))


def _not_me(about: str, message: Message) -> str:
    assert message.record is not None
    return _page("not-me", token=incidents.token(about, message.record))


def _confirm(message: Message) -> Context:
    found = _row(Registration, message)
    token = links.sign(CONFIRM, found.pk.hex)
    return {"link": _page("confirm", token=token), "days": WAITS.days}


def _account(message: Message) -> Context:
    return {"log_in": _page("login"), "reset": _page("reset"), "security": _page("security")}


def _correction(message: Message) -> Context:
    found = _row(Correction, message)
    purposes = current().rules.purposes
    return {
        "changed": [label_of(key) for key in found.elements],
        "choices": [
            (purposes[key].label, "yes" if yes else "no")
            for key, yes in found.choices
            if key in purposes
        ],
        "profile": _page("profile"),
        "not_me": _not_me(Incident.About.CORRECTION, message),
        "at": found.at,
    }


def label_of(key: str) -> str:
    """An element of the policy by the name people know it by; never its value."""
    element = current().rules.policy.elements.get(key)
    return (element.label or in_words(element.data)) if element else in_words(f"user.{key}")


def _new_device(message: Message) -> Context:
    found = _row(SignIn, message)
    return {
        "at": found.started_at,
        "sessions": _page("sessions"),
        "not_me": _not_me(Incident.About.SIGN_IN, message),
    }


def _reset(message: Message) -> Context:
    user = _row(User, message)
    uid = urlsafe_base64_encode(force_bytes(user.pk.hex))
    link = _page("reset-link", uid=uid, token=reset_tokens.make_token(user))
    return {"link": link, "minutes": settings.PASSWORD_RESET_TIMEOUT // 60}


def _address_confirm(message: Message) -> Context:
    found = _row(AddressChange, message)
    token = links.sign(ADDRESS, found.pk.hex)
    hours = int(CHANGE_WAITS.total_seconds()) // 3600
    return {
        "link": _page("address-confirm", token=token),
        "hours": hours,
        "taken": taken(found),
        "security": _page("security"),
    }


def _address_asked(message: Message) -> Context:
    return {"not_me": _not_me(Incident.About.ADDRESS, message), "profile": _page("profile")}


def _factor_on(message: Message) -> Context:
    _row(SecondFactor, message)
    return {"not_me": _not_me(Incident.About.FACTOR, message), "security": _page("security")}


def _passkey_added(message: Message) -> Context:
    _row(Passkey, message)
    return {"not_me": _not_me(Incident.About.PASSKEY, message), "passkeys": _page("passkeys")}


def _locked(message: Message) -> Context:
    found = _row(Incident, message)
    return {"about": found.get_about_display(), "at": found.opened_at, "reset": _page("reset")}


def _guessed(message: Message) -> Context:
    user = _row(User, message)
    uid = urlsafe_base64_encode(force_bytes(user.pk.hex))
    return {
        "until": user.locked_until if is_locked(user) else None,
        "let_in": _page("let-in", uid=uid, token=let_in_tokens.make_token(user)),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        "reset": _page("reset"),
    }


def _invitation(message: Message) -> Context:
    return {"link": invitations.link(_row(User, message)), "days": invitations.COUNTS.days}
