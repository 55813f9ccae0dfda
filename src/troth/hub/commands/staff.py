"""`troth staff`: the first members of the staff, whom nobody in the console can invite."""

from __future__ import annotations

import click

from troth.core.errors import Missing


@click.group()
def staff() -> None:
    """Members of the staff."""


@staff.command()
@click.argument("name")
@click.argument("address")
@click.option("--role", default="Owner", show_default=True, help="What they may do.")
@click.option("--organisation", "slug", help="Needed only where there are several.")
def add(name: str, address: str, role: str, slug: str | None) -> None:
    """Add a member of the staff, and print the link at which they choose a password."""
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from django.core.exceptions import ValidationError  # noqa: PLC0415
    from django.core.validators import validate_email  # noqa: PLC0415

    from troth.channels.accounts import invitations  # noqa: PLC0415
    from troth.core.actors import Actor  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.core.staff.models import Role  # noqa: PLC0415
    from troth.hub.sites import organisation_named  # noqa: PLC0415

    try:
        validate_email(address)
    except ValidationError:
        raise click.BadParameter("this is no e-mail address", param_hint="ADDRESS") from None
    with scope(organisation_named(slug)):
        roles = {one.name: one for one in Role.objects.all()}
        if role not in roles:
            raise Missing(
                f"There is no role “{role}”.", why=f"There are: {', '.join(roles)}.", do="Name one."
            )
        actor = Actor.system("cli")
        member = invitations.add(actor=actor, name=name, email=address, role=roles[role])
        if member.user.has_usable_password():
            click.echo(f"Their account opens the console now, as {role}.")
            return
        click.echo(f"Added as {role}. A password is chosen within a week here:")
        click.echo(invitations.link(member.user))
