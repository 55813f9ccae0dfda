"""`troth ledger`: verify, checkpoint, receipt, check-receipt, key.

`check-receipt` touches neither Django nor a database: it is for the person who holds a receipt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from troth.core.errors import Invalid, Missing, Refusal

if TYPE_CHECKING:
    from troth.core.organisations.models import Organisation

_LARGEST_FILE = 1_000_000

of_organisation = click.option(
    "--organisation", metavar="SLUG", help="Which organisation; needed when there are several."
)
to_file = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."
)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def told() -> Iterator[None]:
    """Turn a refusal into its three lines on standard error and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _django() -> None:
    """Set Django up; nothing happens when it is already."""
    import django  # noqa: PLC0415 - check-receipt works without
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Missing(
            "There is no installation to work on.",
            why="DJANGO_SETTINGS_MODULE names no settings.",
            do="Run `troth ledger …` in the folder of the installation.",
        ) from error


def _organisations(slug: str | None) -> list[Organisation]:
    from troth.core.organisations.models import Organisation  # noqa: PLC0415 - after setup

    found = list(Organisation.objects.filter(slug=slug) if slug else Organisation.objects.all())
    if not found:
        raise Missing(
            f"There is no organisation {slug!r}." if slug else "There is no organisation yet.",
            do="`--organisation` takes the short name that stands in its address.",
        )
    return found


def _one(slug: str | None) -> Organisation:
    found = _organisations(slug)
    if len(found) > 1:
        raise Invalid(
            "There are several organisations.",
            why="Each has a ledger and a key of its own.",
            do=f"Add --organisation with one of: {', '.join(one.slug for one in found)}",
        )
    return found[0]


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise Invalid(f"{path} is too large for what it should be.")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read as text.", do="Check the file.") from error


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise Invalid(f"{output} cannot be written.", why=error.strerror or "") from error


@click.group()
def ledger() -> None:
    """Verify the ledger, sign checkpoints, make and check receipts."""


@ledger.command()
@of_organisation
@click.option("--checkpoint", "kept", type=_file, help="A checkpoint you kept, to verify against.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify(organisation: str | None, kept: Path | None, as_json: bool) -> None:
    """Verify every entry, node and checkpoint; exit 1 when anything was changed."""
    with told():
        _django()
        from troth.core.ledger import verification  # noqa: PLC0415 - after setup

        note = _read(kept) if kept else None
        chosen = [_one(organisation)] if note else _organisations(organisation)
        outcomes = {one.slug: verification.verify(one, note) for one in chosen}
    holds = all(outcome.holds for outcome in outcomes.values())
    if as_json:
        ledgers = {slug: verification.as_json(outcome) for slug, outcome in outcomes.items()}
        click.echo(json.dumps({"holds": holds, "ledgers": ledgers}, indent=2))
    else:
        for slug, outcome in outcomes.items():
            _tell(slug, outcome)
    if not holds:
        raise SystemExit(1)


def _tell(slug: str, outcome: Any) -> None:
    if outcome.holds:
        click.echo(f"{slug}: {outcome.size} entries, all as signed. Root {outcome.root}")
        return
    for one in outcome.problems:
        click.echo(f"{slug}: {one.kind}: {one.message}")
    if outcome.found > len(outcome.problems):
        click.echo(f"{slug}: and {outcome.found - len(outcome.problems)} more.")
    click.echo(
        f"{slug}: the ledger does NOT hold: {outcome.found} findings in {outcome.size} entries.\n"
        "Somebody changed the database outside the software, or it was restored in part.\n"
        "Keep a copy of it as it is, then compare with the last backup that verifies."
    )


@ledger.command()
@of_organisation
@to_file
def checkpoint(organisation: str | None, output: Path | None) -> None:
    """Print the newest checkpoint. Keep it elsewhere: it shows later that nothing was cut off."""
    with told():
        _django()
        from troth.core.ledger import sequencing  # noqa: PLC0415 - after setup

        _write(sequencing.checkpoint(_one(organisation)).note, output)


@ledger.command()
@click.argument("entry_id", type=click.UUID)
@to_file
def receipt(entry_id: UUID, output: Path | None) -> None:
    """Print the receipt of an entry."""
    with told():
        _django()
        from troth.core.ledger import receipting  # noqa: PLC0415 - after setup

        found = receipting.receipt(entry_id)
        _write(json.dumps(found, indent=2, ensure_ascii=False) + "\n", output)


@ledger.command("check-receipt")
@click.argument("file", type=_file)
@click.option("--key", required=True, metavar="VKEY", help="The organisation's public key string.")
def check_receipt(file: Path, key: str) -> None:
    """Check a receipt, offline, with the organisation's public key."""
    from troth.core.ledger import notes, receipts  # noqa: PLC0415 - loads only what it needs

    with told():
        try:
            found = json.loads(_read(file))
        except (ValueError, RecursionError) as error:
            raise Invalid(f"{file} is not JSON.", do="Use the receipt as it was sent.") from error
        try:
            checked = receipts.check(found, notes.Verifier.parse(key))
        except (receipts.ReceiptInvalid, notes.NoteInvalid) as error:
            raise Invalid(
                "This receipt does not hold.",
                why=f"{error.what}.",
                do="Ask the organisation for the receipt and the key again, and keep this file.",
            ) from error
    entry = checked.entry
    click.echo(
        f"The receipt holds: {entry.get('act')} at {entry.get('at')} is entry {checked.position} "
        f"of {checked.head.origin}, signed with {checked.head.size} entries."
    )
    if checked.opened:
        click.echo("The value in it is the one that was sent.")


@ledger.command()
@of_organisation
def key(organisation: str | None) -> None:
    """Print the public key string to publish and to check receipts with."""
    with told():
        _django()
        from troth.core.ledger import sequencing  # noqa: PLC0415 - after setup

        click.echo(str(sequencing.verifier(_one(organisation).pk)))
