"""The outbox's door for other parts."""

from troth.kit.outbox.kinds import register_mail
from troth.kit.outbox.models import Message
from troth.kit.outbox.sending import send

__all__ = ["Message", "register_mail", "send"]
