"""The form of forms, with the questions of a survey in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from troth.channels.forms.api import Page, TouchpointForm
from troth.channels.surveys import answering, clauses
from troth.channels.surveys.models import Question, Survey
from troth.core.actors import Actor
from troth.core.people.records import Given
from troth.kit.throttle.patience import same_time

LONGEST: Final = 2_000


@dataclass(frozen=True)
class SurveyPage(Page):
    """Answering a survey, or entering a contest."""

    survey: Survey | None = None

    @classmethod
    def about(cls, request: Any, survey: Survey) -> Self:
        """The page of a survey. Raises `Http404` if the policy has no such touchpoint."""
        return replace(cls.of(request, survey.touchpoint), survey=survey)

    @property
    def questions(self) -> list[Question]:
        return list(self._survey.questions.all())

    @property
    def _survey(self) -> Survey:
        assert self.survey is not None
        return self.survey

    def more(self) -> dict[str, Any]:
        return {
            "survey": self._survey,
            "touchpoint": replace(self.touchpoint, title=str(self)),
            "time_zone": self.organisation.time_zone,
            "above": "surveys/pieces/above.html",
            "below": "surveys/pieces/below.html",
            "look": "surveys/surveys.css",
        }

    def __str__(self) -> str:
        return self._survey.title

    def form(self, data: Any = None) -> TouchpointForm:
        """The questions, then what else of the clause this survey asks."""
        made = super().form(data)
        own = {one.key for one in self.touchpoint.fields} - set(self._survey.asks)
        rest = {name: field for name, field in made.fields.items() if name not in own}
        made.fields = {f"q{one.number}": _asked(one) for one in self.questions} | rest
        return made

    def take(self, request: HttpRequest, form: TouchpointForm, once: str) -> HttpResponse:
        """The same page whoever it was: nobody learns from it who entered before."""
        given = [*self._answers(form.cleaned_data), *form.given()]
        categories = {one.category for one in given}
        if wanted := clauses.lacking(self.touchpoint, categories, form.choices()):
            return self._needs_yes(request, form, wanted)
        if self._asks_first(form):
            return self.ask(request, form, once, given, about=self._survey.pk)
        with same_time():
            try:
                submission = answering.answer(
                    self._survey,
                    actor=Actor.visitor(),
                    given=given,
                    choices=form.choices(),
                    once=once,
                    objects=getattr(request, "gpc", False),
                )
            except answering.EnteredInvalid:
                submission = None
        if submission is None or self._survey.kind == Survey.Kind.CONTEST:
            answer = redirect("surveys:entered", self._survey.ref)
            answer.status_code = 303
            return answer
        return self.thanks(submission)

    def _asks_first(self, form: TouchpointForm) -> bool:
        """Whether all that the clause is for needs a yes, and there is an address to ask at."""
        named = any(one.category == clauses.EMAIL for one in form.given())
        purposes = self.published.rules.purposes
        return named and all(purposes[k].basis in clauses.YES for k in self.touchpoint.purposes)

    def _needs_yes(
        self, request: HttpRequest, form: TouchpointForm, wanted: Mapping[str, list[str]]
    ) -> HttpResponse:
        purposes = self.published.rules.purposes
        asked = {one.key: one.category for one in self.touchpoint.fields} | {
            f"q{one.number}": clauses.field(self.touchpoint, one.element).category
            for one in self.questions
        }
        for name, category in asked.items():
            if category in wanted and form.cleaned_data.get(name):
                labels = " or ".join(f"“{purposes[key].label}”" for key in wanted[category])
                form.add_error(name, f"Only with your yes to {labels}. Nothing was kept.")
        token = request.POST["nonce"]
        return self.show(request, form, nonce=token, status=422)

    def _answers(self, said: Mapping[str, Any]) -> Iterator[Given]:
        for question in self.questions:
            value = said.get(f"q{question.number}")
            text = "\n".join(value) if isinstance(value, list) else str(value or "")
            if text:
                field = clauses.field(self.touchpoint, question.element)
                name = answering.name_of(question.element, question.number)
                yield Given(name, field.category, text)


def _asked(question: Question) -> forms.Field:
    """A question as a field. None can be demanded: the clause has answers as optional."""
    common: dict[str, Any] = {"label": question.words, "required": False}
    choices = [(one, one) for one in question.options]
    if question.kind == Question.Kind.SOME:
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **common
        )
    if question.kind == Question.Kind.ONE:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if question.kind == Question.Kind.SCALE:
        numbers = [(str(number), str(number)) for number in range(11)]
        hint = "0 is the least, 10 the most."
        return forms.ChoiceField(
            choices=numbers,
            widget=forms.RadioSelect(attrs={"class": "scale"}),
            help_text=hint,
            **common,
        )
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(max_length=LONGEST, widget=area, **common)
