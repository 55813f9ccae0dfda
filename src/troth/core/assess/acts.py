from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

ASSESSED = register(
    "assess.made",
    sentence=(
        "{actor} assessed the installation against version {version}: {held} checks held, "
        "{failed} failed, {unseen} were not looked at"
    ),
    detail={
        "digest": kinds.digest,
        "held": kinds.integer,
        "failed": kinds.integer,
        "unseen": kinds.integer,
    },
).name
