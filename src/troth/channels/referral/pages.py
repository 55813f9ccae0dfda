"""The form of forms, with another thing done at its end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from troth.channels.forms.api import Page, TouchpointForm
from troth.channels.referral import actions
from troth.core.actors import Actor
from troth.kit.throttle.patience import same_time


class InvitePage(Page):
    """Recommending to a friend."""

    def take(self, request: HttpRequest, form: TouchpointForm, once: str) -> HttpResponse:
        """The same answer whatever became of it. A repeat needs no `once`: an address is."""
        with same_time():
            actions.invite(actor=Actor.visitor(), given=form.given())
        answer = redirect("referral:sent")
        answer.status_code = 303
        return answer
