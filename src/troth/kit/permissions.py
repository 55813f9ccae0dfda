"""The needs a page can have. Anything else in a permission table is an ability of a staff role."""

from __future__ import annotations

from typing import Final

PUBLIC: Final = "public"
"""Anybody; also pages whose address carries a signature that the page itself checks."""

PERSON: Final = "person"
"""Whoever is logged in, for their own data."""

STAFF: Final = "staff"
"""Any member of the organisation's staff."""

PERMISSIONS: Final = {"kit:accent": PUBLIC, "kit:styleguide": PUBLIC}
"""The kit's own pages; the style guide answers 404 but in demo and debug."""
