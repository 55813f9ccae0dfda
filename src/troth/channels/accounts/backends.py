"""Log-in by a sealed address, for Django's auth."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from troth.channels.accounts.finding import user_at
from troth.channels.accounts.guessing import is_shut
from troth.channels.accounts.models import User
from troth.core.actors import Actor


class SealedAddressBackend(BaseBackend):
    """Finds the account through the blind index; an unknown address costs the same time."""

    def authenticate(
        self, request: HttpRequest | None, *, address: str = "", password: str = "", **_: Any
    ) -> User | None:
        if not address or not password:
            return None
        user = user_at(address, actor=Actor.visitor())
        if user is None:
            make_password(password)
            is_shut(None, request)
            return None
        # A locked account is checked all the same, so that the time does not tell it apart.
        fits = user.check_password(password)
        return user if not is_shut(user, request) and fits and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        found = User.objects.select_related("person__root", "address")
        return found.filter(pk=user_id, is_active=True).first()
