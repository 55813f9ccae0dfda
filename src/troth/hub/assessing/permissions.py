from __future__ import annotations

from typing import Final

from troth.core.staff.models import Role

PERMISSIONS: Final[dict[str, str]] = {
    f"assessing:{name}": str(Role.Ability.LEDGER_READ)
    for name in ("index", "one", "report", "document")
}
