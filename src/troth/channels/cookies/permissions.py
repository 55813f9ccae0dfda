"""For everybody."""

from __future__ import annotations

from troth.kit.permissions import PUBLIC

PERMISSIONS = {"cookies:settings": PUBLIC, "cookies:arrange": PUBLIC}
