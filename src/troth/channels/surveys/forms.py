"""The forms of the console's pages. What is refused is refused by the actions, in words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from troth.channels.surveys import clauses
from troth.channels.surveys.models import Question, Survey

PLAIN = {"class": "input", "autocomplete": "off"}


def _closing(label: str, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(
            attrs={"class": "input", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        **more,
    )


class PutOffForm(forms.Form):
    """A later end of a contest."""

    closes_at = _closing("Let it end later", help_text="All who entered are told by mail.")

    def clean_closes_at(self) -> Any:
        return _aware(self.cleaned_data["closes_at"])


def _aware(value: Any) -> Any:
    return timezone.make_aware(value) if value and timezone.is_naive(value) else value


class SurveyForm(forms.Form):
    """A survey as its author writes it."""

    title = forms.CharField(label="Title", max_length=120, widget=forms.TextInput(attrs=PLAIN))
    intro = forms.CharField(
        label="What people read first",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
    )
    asks = forms.MultipleChoiceField(
        label="Asked beside the questions",
        required=False,
        help_text="Of what the clause names. What it demands is asked in any case.",
        widget=forms.CheckboxSelectMultiple,
    )
    closes_at = _closing(
        "Closes",
        required=False,
        help_text="In your own time. Left out: when somebody closes it.",
    )
    prize = forms.CharField(
        label="What there is to win",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=PLAIN),
    )
    prizes = forms.IntegerField(
        label="How many win",
        required=False,
        min_value=1,
        max_value=1000,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        touchpoint = clauses.place(kind)
        offered = [
            (one.key, one.label)
            for one in touchpoint.fields
            if not (one.required or one.pass_to or one.category.startswith("user.content"))
        ]
        self.fields["asks"].choices = offered  # type: ignore[attr-defined]
        if not offered:
            del self.fields["asks"]
        if kind != Survey.Kind.CONTEST:
            del self.fields["prize"], self.fields["prizes"]
        else:
            self.fields["closes_at"].required = True
            self.fields["closes_at"].help_text = "In your own time. Once open, it is only put off."
            self.fields["prize"].required = self.fields["prizes"].required = True

    def clean_closes_at(self) -> Any:
        return _aware(self.cleaned_data["closes_at"])

    def plan(self) -> dict[str, Any]:
        """What `building.Plan` is made of."""
        said = self.cleaned_data
        return {
            "title": said["title"],
            "intro": said["intro"],
            "asks": tuple(said.get("asks", ())),
            "closes_at": said["closes_at"],
            "prize": said.get("prize", ""),
            "prizes": said.get("prizes") or 0,
        }


class QuestionForm(forms.Form):
    """One more question."""

    words = forms.CharField(label="Question", max_length=300, widget=forms.TextInput(attrs=PLAIN))
    kind = forms.ChoiceField(
        label="Answered with", choices=Question.Kind.choices, widget=forms.RadioSelect
    )
    options = forms.CharField(
        label="Answers to choose from",
        required=False,
        help_text="One on each line, where there are any.",
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
    )
    element = forms.ChoiceField(
        label="What the answers are",
        help_text="A kind of data that the clause names. It decides what they may serve, how long "
        "they are kept and whose yes they need.",
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        touchpoint = clauses.place(survey.kind)
        self.fields["element"].choices = [  # type: ignore[attr-defined]
            (one.key, one.label)
            for one in touchpoint.fields
            if not one.required and not one.pass_to and one.key not in survey.asks
        ]
        self.fields["kind"].initial = Question.Kind.ONE
        self.fields["options"].initial = ""

    def asked(self) -> dict[str, Any]:
        """What `building.Asked` is made of."""
        said = self.cleaned_data
        return said | {"options": said["options"].splitlines()}
