from __future__ import annotations

from troth.core.cases.entering import OPEN
from troth.kit.permissions import PUBLIC, STAFF

PERMISSIONS = {
    # Those who open cases and those who approve them; the pages look which of the two it is.
    **{f"casework:{name}": STAFF for name in ("index", "case", "do", "document")},
    **{
        f"casework:{name}": OPEN
        for name in ("choose", "new", "upload", "people", "bundle", "export")
    },
    "casework:report": "inbox.read",
    "casework:object": PUBLIC,
    "casework:answer": PUBLIC,
}
