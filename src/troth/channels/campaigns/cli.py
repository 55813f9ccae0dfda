"""`troth campaigns`: sending by hand, and the DNS record of the signature."""

from __future__ import annotations

import signal
import threading

import click


@click.group()
def campaigns() -> None:
    """Campaigns: send what is due, show what to publish in the DNS."""


@campaigns.command()
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
def send(*, once: bool) -> None:
    """Send what is due until a signal comes. Several of these may run beside each other."""
    import django  # noqa: PLC0415 - takes half a second that `--help` need not wait for

    django.setup()
    from troth.channels.campaigns.sending.process import run  # noqa: PLC0415

    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    if run(stop, once=once):
        click.echo(
            "There are campaigns that wait: all sending is stopped, until somebody lets it go on "
            "in the settings of campaigns, or the time to choose of two subjects is not over, or "
            "the policy in force does not let them say what they say: their pages tell why."
        )


@campaigns.command()
@click.option("--organisation", "slug", help="Needed only where there are several.")
def dns(slug: str | None) -> None:
    """Print the records to publish, so that receivers can check our signature."""
    import django  # noqa: PLC0415

    django.setup()
    from troth.channels.campaigns import keys  # noqa: PLC0415
    from troth.core.errors import Missing  # noqa: PLC0415
    from troth.core.notices.versions import current  # noqa: PLC0415
    from troth.core.organisations.models import Organisation  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415

    found = Organisation.objects.filter(slug=slug) if slug else Organisation.objects.all()
    if found.count() != 1:
        raise Missing(
            "Which organisation is not clear." if not slug else "There is no such organisation.",
            do="Name one: --organisation SLUG.",
        )
    with scope(found.get()):
        domain = current().policy.company.privacy_contact.rpartition("@")[2]
        name, text = keys.signer(domain).record()
    pieces = " ".join(f'"{text[at : at + 250]}"' for at in range(0, len(text), 250))
    click.echo(f"{name}. TXT {pieces}")


if __name__ == "__main__":
    campaigns()
