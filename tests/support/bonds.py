"""What the recipients of a company showed and assured, as the file that enters it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

ASSURED: Final = ("own-purpose", "framework", "tells-inability")


def bonds(
    recipients: Iterable[str],
    *,
    level: str = "sound",
    assures: Iterable[str] = ASSURED,
    days: int = 365,
) -> str:
    """A file for `troth recipients enter`: an attestation and assurances that last `days` more."""
    today = date.today()  # noqa: DTZ011
    since, until = today - timedelta(days=30), today + timedelta(days=days)
    named = ", ".join(f'"{one}"' for one in assures)
    return "".join(
        f'[[bond]]\nrecipient = "{to}"\ndocument = "Paper 7"\nfrom = {since}\nuntil = {until}\n'
        + (f'level = "{level}"\n' if level else "")
        + (f"assures = [{named}]\n" if named else "")
        for to in recipients
    )
