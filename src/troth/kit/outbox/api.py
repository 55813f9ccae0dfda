"""The outbox's door for other parts."""

from troth.kit.outbox.delivery import WAITS, letter
from troth.kit.outbox.kinds import register_mail
from troth.kit.outbox.models import Message
from troth.kit.outbox.sending import send

__all__ = ["WAITS", "Message", "letter", "register_mail", "send"]
