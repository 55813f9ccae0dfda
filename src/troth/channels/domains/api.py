"""The channel's door for other parts."""

from troth.channels.domains.clauses import offered
from troth.channels.domains.ordering import confirm, forget_expired, hold_back

__all__ = ["confirm", "forget_expired", "hold_back", "offered"]
