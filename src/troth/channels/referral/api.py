"""What other parts may use of referral."""

from troth.channels.referral.actions import forget_expired
from troth.channels.referral.friends import INVITE, works

__all__ = ["INVITE", "forget_expired", "works"]
