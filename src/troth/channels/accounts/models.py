from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from troth.core.ids import row_id
from troth.core.organisations.scoped import Scoped, ScopedManager
from troth.core.people.models import Person


class UserManager(ScopedManager["User"], BaseUserManager["User"]):
    """Users are found by their id; an address finds the person first, through the blind index."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(pk=username)


class User(AbstractBaseUser, Scoped):
    """A log-in: a password and a person. The address is one of the person's sealed elements."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="users")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "id"
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[misc]

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "is_active", "created_at", "last_login", "password"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="accounts_one_user_per_person")
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"
