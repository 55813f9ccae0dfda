"""`troth init`: make an installation, or bring an existing one up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from troth.core.errors import Invalid

if TYPE_CHECKING:
    from troth.core.organisations.models import Organisation

# The office hours of a company whose calendar begins so; the owner can set another zone.
TIME_ZONES = {
    "CA-BC": "America/Vancouver",
    "GB": "Europe/London",
    "US": "America/New_York",
}
POLICIES = Path(__file__).resolve().parents[4] / "policies"


def policy_file(company: str) -> Path:
    """The policy of a shipped company, or a file of one's own."""
    own = Path(company)
    if own.suffix == ".toml" and own.exists():
        return own
    shipped = POLICIES / f"{company}.toml"
    if not shipped.exists():
        names = ", ".join(sorted(path.stem for path in POLICIES.glob("*.toml")))
        raise Invalid(
            f"There is no policy file for “{company}”.",
            why=f"Shipped are: {names}.",
            do="Name one of them, or the path of your own policy file.",
        )
    return shipped


def install(
    company: str, host: str = "", *, provider: str = "", reseller: bool = False
) -> Organisation:
    """Make the databases, the keys, the organisation and its first version. Safe to repeat.

    `host` is the name its site is reached by, where several organisations share an installation.
    `provider` is the reseller it is a client of, if it is not the host's; `reseller` is for one
    that has clients of its own.
    """
    from django.conf import settings  # noqa: PLC0415

    from troth.core.keyring import master  # noqa: PLC0415
    from troth.core.keyring.store import check_key  # noqa: PLC0415
    from troth.hub.setup import migrate  # noqa: PLC0415

    path = policy_file(company)
    home = settings.HOME
    home.create()
    fresh = not home.master_key_file.exists() and not (home.folder / "keyring.sqlite3").exists()
    if fresh and not master.in_environment():
        master.write(home.master_key_file, [master.new_line()])
    migrate()
    check_key()
    return _organisation(path, host.lower(), provider, reseller)


def _organisation(path: Path, host: str, provider: str, reseller: bool) -> Organisation:
    from troth.core.actors import Actor  # noqa: PLC0415
    from troth.core.notices.models import PolicyVersion  # noqa: PLC0415
    from troth.core.notices.publish import publish  # noqa: PLC0415
    from troth.core.notices.versions import current  # noqa: PLC0415
    from troth.core.organisations.models import Organisation  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.core.staff.members import make_standard_roles  # noqa: PLC0415

    first = not Organisation.objects.exists()
    organisation, _ = Organisation.objects.get_or_create(
        slug=path.stem,
        defaults={
            "name": path.stem,
            "is_host": first,
            "provider": None if first else _provider(provider),
            "is_reseller": reseller and not first,
        },
    )
    if host and organisation.host != host:
        if Organisation.objects.filter(host=host).exists():
            raise Invalid(f"Another organisation is reached at {host}.", do="Choose another name.")
        organisation.host = host
        organisation.save(update_fields=["host"])
    with scope(organisation):
        if not PolicyVersion.objects.exists():
            publish(path.read_text("utf-8"), actor=Actor.system("cli"), name=path.name)
            published = current()
            company = published.policy.company
            organisation.name = company.name
            organisation.accent = company.accent or organisation.accent
            organisation.time_zone = _zone(company.calendar or "")
            organisation.save()
            make_standard_roles({key: p.use for key, p in published.rules.purposes.items()})
    return organisation


def _provider(slug: str) -> Organisation:
    """Of whom a further organisation is a client; the host's contracts are there from now on."""
    from troth.core.actors import Actor  # noqa: PLC0415
    from troth.core.clients.contracts import publish_first  # noqa: PLC0415
    from troth.core.organisations.models import Organisation  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415

    host = Organisation.objects.get(is_host=True)
    with scope(host):
        publish_first(actor=Actor.system("cli"))
    if not slug or slug == host.slug:
        return host
    found = Organisation.objects.filter(slug=slug, is_reseller=True).first()
    if found is None:
        raise Invalid(
            f"“{slug}” is no reseller here.",
            why="A client is the host's, or one of its resellers'.",
            do="Name a reseller made with --reseller, or leave --provider out.",
        )
    return found


def _zone(calendar: str) -> str:
    return next((zone for key, zone in TIME_ZONES.items() if calendar.startswith(key)), "UTC")


@click.command()
@click.option("--company", default="comm100", show_default=True, help="Whose policy to run.")
@click.option(
    "--host", default="", help="The host name of its site, if it shares the installation."
)
@click.option("--provider", default="", help="The reseller it is a client of, if not the host.")
@click.option("--reseller", is_flag=True, help="It is to have clients of its own.")
def init(company: str, host: str, provider: str, reseller: bool, **_: Any) -> None:
    """Make an installation: databases, keys, organisation, first version of its policy."""
    from troth.hub.setup import start  # noqa: PLC0415

    start(new=True)
    organisation = install(company, host, provider=provider, reseller=reseller)
    click.echo(f"{organisation.name} is installed in {_folder()}.")
    if not organisation.is_open:
        click.echo(
            "It opens once an owner of it accepted the contract, in the console under Settings, "
            f"or by `troth contract accept --organisation {organisation.slug}`."
        )


def _folder() -> str:
    from django.conf import settings  # noqa: PLC0415

    return str(settings.HOME.folder)
