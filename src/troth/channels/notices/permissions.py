"""Who may open which page of notices."""

from __future__ import annotations

from troth.kit.permissions import PERSON, PUBLIC

# The address from the mail is a signed link, which the page checks.
PERMISSIONS = {"notices:by-link": PUBLIC, "notices:mine": PERSON}
