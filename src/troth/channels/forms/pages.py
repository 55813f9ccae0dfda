"""A form as a page: shown, sent, sent again with what is wrong; the same inside another site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from troth.channels.forms import actions, children, nonces, signing_up, slots
from troth.channels.forms.admitting import FieldsInvalid, OutdatedInvalid, admit
from troth.channels.forms.fields import TouchpointForm, form_class
from troth.channels.forms.models import Submission
from troth.core.actors import Actor
from troth.core.notices.versions import Published, current
from troth.core.organisations.models import Organisation
from troth.core.people.records import Given
from troth.kit import links
from troth.kit.fields import SlotSelect
from troth.policy import Touchpoint


@dataclass(frozen=True)
class Page:
    """One form in one of its two places: a page of the site, or a frame in somebody else's."""

    published: Published
    touchpoint: Touchpoint
    organisation: Organisation
    embedded: bool

    @classmethod
    def of(cls, request: Any, key: str, *, embedded: bool = False) -> Self:
        """The page of a touchpoint, if the policy has it. Raises `Http404`."""
        published = current()
        touchpoint = published.rules.touchpoints.get(key)
        if touchpoint is None:
            raise Http404
        return cls(published, touchpoint, request.organisation, embedded)

    @property
    def shell(self) -> str:
        """What the page stands in."""
        return "kit/embed.html" if self.embedded else "kit/public.html"

    def form(self, data: Any = None) -> TouchpointForm:
        made = form_class(self.touchpoint, self.published.rules)(data)
        if "slot" in made.fields:
            free = slots.free(self.organisation, self.published.rules)
            choices = [(day, [(s.isoformat(), f"{s:%H:%M}") for s in at]) for day, at in free]
            slot = made.fields["slot"]
            slot.widget = SlotSelect(choices=choices)
            slot.help_text = f"{slot.help_text} Times are those of {self.organisation.time_zone}."
        return made

    def show(
        self,
        request: HttpRequest,
        form: TouchpointForm,
        *,
        nonce: str = "",
        problem: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "form": form,
            "rows": form.groups(),
            "touchpoint": self.touchpoint,
            "version": self.published.version,
            "purposes": [self.published.rules.purposes[key] for key in self.touchpoint.purposes],
            "keep": self.keep(),
            "informs": self.published.rules.informs_at(self.touchpoint.key),
            "nonce": nonce or nonces.make(self.touchpoint.key, self.published.version),
            "problem": problem,
            "shell": self.shell,
        }
        return render(request, "forms/form.html", context | self.more(), status=status)

    def more(self) -> dict[str, Any]:
        """What the page of another part shows beside the form: `above` and `below` are templates,
        `look` a stylesheet.
        """
        return {}

    def keep(self) -> Any:
        """The retention clause for what the form asks first."""
        first = next((field.category for field in self.touchpoint.fields), "user")
        return self.published.rules.keep(first, self.touchpoint.key)

    def receive(self, request: HttpRequest) -> HttpResponse:
        """Take what was sent. Whatever is wrong with it, what was typed stays in the form; but
        nothing stays of what a child typed.
        """
        form, sent = self.form(request.POST), request.POST
        if request.META.get("troth.upload_refused") and not form.under_age():
            return self.show(request, form, problem="This form takes no files.", status=422)
        try:
            nonce = admit(form, sent, self.published, actor=Actor.visitor())
        except children.ChildDenied:
            return children.page(request, shell=self.shell)
        except nonces.NonceInvalid as invalid:
            problem = f"{invalid.what} {invalid.do}"
            return self.show(request, form, problem=problem, status=invalid.status)
        except OutdatedInvalid as outdated:
            problem = f"{outdated.what} {outdated.do}"
            return self.show(request, form, problem=problem, status=outdated.status)
        except FieldsInvalid as wrong:
            token = sent["nonce"]
            return self.show(request, form, nonce=token, problem=wrong.what, status=wrong.status)
        return self.take(request, form, nonce.random)

    def take(self, request: HttpRequest, form: TouchpointForm, once: str) -> HttpResponse:
        """Do with an admitted form what it is for, and say where to go on."""
        if signing_up.asks_only(self.touchpoint, self.published.rules):
            return self.ask(request, form, once, form.given())
        try:
            submission = actions.submit(
                actor=Actor.visitor(),
                touchpoint=self.touchpoint.key,
                given=form.given(),
                choices=form.choices(),
                once=once,
                objects=getattr(request, "gpc", False),
            )
        except slots.SlotInvalid as taken:
            return self.show(
                request, self.form(request.POST), problem=f"{taken.what} {taken.do}", status=409
            )
        return self.thanks(submission)

    def ask(
        self,
        request: HttpRequest,
        form: TouchpointForm,
        once: str,
        given: Sequence[Given],
        about: UUID | None = None,
    ) -> HttpResponse:
        """Nobody is known before they confirm from their address."""
        try:
            signing_up.hold_back(
                actor=Actor.visitor(),
                touchpoint=self.touchpoint.key,
                given=given,
                choices=form.choices(),
                once=once,
                about=about,
            )
        except signing_up.YesMissing as missing:
            nonce = request.POST["nonce"]
            problem = f"{missing.what} {missing.why}"
            return self.show(request, form, nonce=nonce, problem=problem, status=422)
        answer = redirect(reverse("forms:asked") + ("?embedded=1" if self.embedded else ""))
        answer.status_code = 303
        return answer

    def thanks(self, submission: Submission) -> HttpResponse:
        """Where to go on after it was taken."""
        address = reverse("forms:thanks", args=[links.sign("forms.thanks", submission.ref)])
        answer = HttpResponseRedirect(address + ("?embedded=1" if self.embedded else ""))
        answer.status_code = 303
        return answer
