"""`troth choices`: check a consent receipt. It touches neither Django nor a database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from troth.core.errors import Invalid

_LARGEST_FILE = 4_000_000
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_SAID = {
    "given": "said yes",
    "renewed": "said yes again",
    "refused": "said no",
    "withdrawn": "took it back",
    "expired": "the yes ran out",
}


@click.group()
def choices() -> None:
    """Check what people keep of their choices."""


@choices.command("receipt")
@click.argument("file", type=_file)
@click.option("--key", required=True, metavar="VKEY", help="The organisation's public key string.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def receipt(file: Path, key: str, as_json: bool) -> None:
    """Check a consent receipt, offline: its proof, and that wording and time are the true ones."""
    from troth.core.choices import checking  # noqa: PLC0415 - loads only what it needs
    from troth.core.ledger.notes import NoteInvalid, Verifier  # noqa: PLC0415

    try:
        found = checking.check(_read(file), Verifier.parse(key))
    except (checking.ReceiptInvalid, NoteInvalid) as error:
        raise Invalid(
            "This consent receipt does not hold.",
            why=f"{error.what}.",
            do="Ask the organisation for the receipt and the key again, and keep this file.",
        ) from error
    events = [
        {
            "decision": one.decision,
            "at": one.at,
            "wording": one.wording,
            "version": one.version,
            "position": one.position,
        }
        for one in found.events
    ]
    if as_json:
        click.echo(json.dumps({"holds": True, "ledger": found.origin, "events": events}, indent=2))
        return
    click.echo(f"The receipt holds. Ledger: {found.origin}")
    click.echo(f"About: {', '.join(found.purposes) or 'a purpose the policy no longer names'}")
    for one in found.events:
        said = _SAID[one.decision]
        click.echo(
            f"  {one.at}  {said}, under version {one.version} (entry {one.position}): {one.wording}"
        )


def _read(path: Path) -> object:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise Invalid(f"{path} is too large for a receipt.")
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise Invalid(f"{path} is not JSON.", do="Use the receipt as it was downloaded.") from error
