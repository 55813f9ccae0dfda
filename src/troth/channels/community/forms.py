"""The forms of these pages. What is refused is refused by the actions, in words."""

from __future__ import annotations

from typing import Any

from django import forms

PLAIN = {"class": "input", "autocomplete": "off"}
AREA = {"class": "textarea"}


def _line(label: str, *, hint: str = "", most: int = 160, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=required,
        widget=forms.TextInput(attrs=PLAIN),
    )


def _text(label: str, *, hint: str = "", most: int = 10_000, rows: int = 8) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        widget=forms.Textarea(attrs=AREA | {"rows": rows}),
    )


MARKDOWN = "You can write Markdown: *slanted*, **bold**, lists, and links. No pictures."
BADGE = "Speak for the company: the post carries its badge"


class PostForm(forms.Form):
    """A post. `speaks` is there for who may."""

    title = _line("Title")
    text = _text("Your post", hint=MARKDOWN)
    speaks = forms.BooleanField(label=BADGE, required=False)

    def __init__(self, *args: Any, titled: bool, may_speak: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not titled:
            del self.fields["title"]
        if not may_speak:
            del self.fields["speaks"]


class NameForm(forms.Form):
    """The name somebody goes by."""

    name = _line("Your name in the forum", hint="Everybody reads it beside your posts.", most=60)


class ReportForm(forms.Form):
    """What is wrong with a post, by anybody."""

    ground = forms.ChoiceField(label="What is it about", widget=forms.RadioSelect)
    words = _text(
        "What is wrong with it",
        hint="If you want an answer, say here how we reach you.",
        most=3000,
        rows=5,
    )

    def __init__(self, *args: Any, grounds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*grounds, ("other", "Something else")]
        self.fields["ground"].choices = choices  # type: ignore[attr-defined]


class HideForm(forms.Form):
    """Why a post is hidden; its author reads it."""

    ground = forms.ChoiceField(label="On which ground")
    words = _line("What is wrong with it", hint="Its author is told.", most=500)

    def __init__(self, *args: Any, grounds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = grounds  # type: ignore[attr-defined]
        self.fields["ground"].widget.attrs["class"] = "select"


class BoardForm(forms.Form):
    """A board."""

    name = _line("Name", most=80)
    about = _line("What it is for", most=300, required=False)


class ArticleForm(forms.Form):
    """A help article."""

    section = _line("Section", most=80, hint="An existing one, or a new name.")
    title = _line("Title")
    body = _text("Text", hint=MARKDOWN, most=60_000, rows=18)

    def __init__(self, *args: Any, fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not fresh:
            del self.fields["section"]


class EntryForm(forms.Form):
    """A company of the list."""

    address = forms.EmailField(
        label="E-mail address of the person behind it",
        help_text="Somebody who is known here. They are told before it shows.",
        widget=forms.EmailInput(attrs=PLAIN),
    )
    company = _line("Company", most=200)
    website = forms.URLField(
        label="Web site", assume_scheme="https", widget=forms.URLInput(attrs=PLAIN)
    )
    logo = forms.FileField(
        label="Logo", required=False, help_text="PNG, JPEG or WebP, up to 512 KB."
    )


class StoryForm(forms.Form):
    """A story: the person, and a field for each of the clause's."""

    address = forms.EmailField(
        label="E-mail address of the person it names",
        help_text="Somebody who is known here. They are asked before it shows.",
        widget=forms.EmailInput(attrs=PLAIN),
    )

    def __init__(self, *args: Any, asks: list[Any], fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not fresh:
            del self.fields["address"]
        for one in asks:
            most = one.max_length or 3000
            made = _text if one.multiline else _line
            self.fields[f"told-{one.key}"] = made(
                one.label.removeprefix("Your ").capitalize(), most=most
            )
            self.fields[f"told-{one.key}"].required = one.required
        self.fields["picture"] = forms.FileField(
            label="Picture", required=False, help_text="PNG, JPEG or WebP, up to 512 KB."
        )

    def told(self) -> dict[str, str]:
        """What was written, by the field of the clause."""
        return {
            name.removeprefix("told-"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("told-")
        }
