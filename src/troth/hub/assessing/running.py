"""An assessment of this installation: the crawl, then the checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from troth.core import clock
from troth.core.actors import Actor
from troth.core.assess.checks import CRAWL, Situation, checks
from troth.core.assess.making import assess
from troth.core.assess.models import Assessment
from troth.core.assess.register import RESULTS
from troth.core.assess.seen import Seen
from troth.core.errors import Refusal
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.hub.assessing.crawl import crawl
from troth.hub.assessing.serving import site_at

CLI: Final = Actor.system("cli")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look at. An empty `url` stands for the installation's own."""

    url: str = ""
    without: Iterable[str] = ()
    proofs: Path | None = None
    audit: Path | None = None
    pages: int = 40


def run(organisation: Organisation, wanted: Wanted, *, actor: Actor = CLI) -> Assessment:
    """Assess an organisation that is in scope."""
    without = frozenset(wanted.without)
    seen, because = _look(organisation, wanted, without)
    situation = Situation(
        organisation=organisation,
        published=current(),
        at=clock.now(),
        seen=seen,
        unseen_because=because,
        proofs=wanted.proofs or RESULTS,
        audit=wanted.audit,
    )
    return assess(situation, actor=actor, without=without, release=version("troth"))


def _look(
    organisation: Organisation, wanted: Wanted, without: frozenset[str]
) -> tuple[Seen | None, str]:
    """What the crawl saw, or why there was none. It is made where a check is left that needs it."""
    needing = [one for one in checks().values() if one.by == CRAWL and not one.names & without]
    if not needing:
        return None, ""
    try:
        with site_at(organisation, wanted.url) as site:
            return crawl(site, pages=wanted.pages), ""
    except Refusal as refusal:
        return None, f"{refusal.what} {refusal.do}".strip()
