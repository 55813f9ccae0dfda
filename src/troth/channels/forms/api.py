"""What other parts may use of forms."""

from troth.channels.forms.fields import TouchpointForm, form_class
from troth.channels.forms.signing_up import forget_expired

__all__ = ["TouchpointForm", "forget_expired", "form_class"]
