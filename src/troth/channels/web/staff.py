"""Whether a request is the company's own staff looking at its site: they are not counted."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from troth.core.staff.members import membership_of


def is_of_staff(request: HttpRequest) -> bool:
    """Whether somebody of the staff is logged in. Without a session nobody is asked for."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    looked = request.session.accessed
    user = request.user
    found = bool(user.is_authenticated and membership_of(user) is not None)
    # What is answered does not depend on it: a public page stays one that any cache may keep.
    request.session.accessed = looked
    return found
