"""What other parts may use of forms."""

from troth.channels.forms.actions import submit
from troth.channels.forms.children import ChildDenied, page as child_page, refuse as refuse_child
from troth.channels.forms.describing import fields as describe_fields
from troth.channels.forms.fields import UNDER_AGE, TouchpointForm, form_class, form_field
from troth.channels.forms.mails import on_answer
from troth.channels.forms.models import Submission
from troth.channels.forms.pace import pace
from troth.channels.forms.pages import Page
from troth.channels.forms.signing_up import forget_expired, on_confirmed

__all__ = [
    "UNDER_AGE",
    "ChildDenied",
    "Page",
    "Submission",
    "TouchpointForm",
    "child_page",
    "describe_fields",
    "forget_expired",
    "form_class",
    "form_field",
    "on_answer",
    "on_confirmed",
    "pace",
    "refuse_child",
    "submit",
]
