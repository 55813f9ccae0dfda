"""The words of retention, for the ledger, the pages and the command line."""

from __future__ import annotations

from typing import Final

THEN: Final = {"erase": "erased", "depersonalise": "depersonalised", "lock": "locked"}
GROUNDS: Final = {
    "claim": "A claim or a court case",
    "authority": "An order of an authority",
    "law": "A duty of law to keep it",
    "complaint": "A complaint that is looked into",
}
