"""What other channels may use of forms."""

from troth.channels.forms.fields import TouchpointForm, form_class

__all__ = ["TouchpointForm", "form_class"]
