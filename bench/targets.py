"""Which module measures which figure, and what each should reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bench.figure import Figure

MODULES: Final = {
    "decide": "deciding",
    "decide_floor": "deciding",
    "audience_1m_vs_sql": "audience",
    "audience_1m_vs_loop": "audience",
    "unseal_100k": "unsealing",
    "ledger_append": "ledger",
    "ledger_verify_1m": "ledger",
    "form_submit_sqlite": "forms",
    "form_submit_postgres": "forms",
    "audience_freeze_1m": "campaigns",
    "campaign_send": "campaigns",
    "campaign_floor": "campaigns",
    "choice_save": "choices",
    "access_own": "own_requests",
    "erase_own": "own_requests",
    "retention_run": "retention",
    "access_outside": "outside",
    "access_queue": "outside",
    "erase_outside": "outside",
    "chat_2000": "chat",
    "chat_saturation": "chat",
    "mail_in": "mail_in",
    "startup": "demo",
    "resident": "demo",
    "message_search_1m": "message_search",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A line to reach: of the ratio, or of the value itself."""

    limit: float
    least: bool = False
    ratio: bool = True

    def said(self, figure: Figure) -> str:
        """The target and whether the figure holds it."""
        measured = figure.ratio if self.ratio else figure.value
        if measured is None:
            return "no ratio"
        holds = measured >= self.limit if self.least else measured <= self.limit
        line = f"{'at least' if self.least else 'at most'} {self.limit:g}"
        line += "x" if self.ratio else f" {figure.unit}"
        return f"{line}, {'holds' if holds else 'MISSED'}"


TARGETS: Final = {
    "decide": Target(100, least=True),
    "audience_1m_vs_sql": Target(2),
    "audience_1m_vs_loop": Target(50, least=True),
    "unseal_100k": Target(3),
    "ledger_append": Target(20_000, least=True, ratio=False),
    "form_submit_sqlite": Target(2),
    "form_submit_postgres": Target(2),
    "campaign_send": Target(4, least=True),
    "choice_save": Target(500, least=True, ratio=False),
    "access_outside": Target(0.10, ratio=False),
    "access_queue": Target(40, least=True, ratio=False),
    "erase_outside": Target(0.25, ratio=False),
    "mail_in": Target(1, least=True),
    "startup": Target(5, ratio=False),
    "resident": Target(300, ratio=False),
}
