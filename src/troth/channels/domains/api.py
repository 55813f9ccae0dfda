"""The channel's door for other parts."""

from troth.channels.domains.clauses import AT, EMAIL, NAME, offered
from troth.channels.domains.entering import entered
from troth.channels.domains.ordering import confirm, forget_expired, hold_back

__all__ = ["AT", "EMAIL", "NAME", "confirm", "entered", "forget_expired", "hold_back", "offered"]
