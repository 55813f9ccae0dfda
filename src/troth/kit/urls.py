"""Mounted at `kit/` by the hub."""

from django.urls import path, register_converter

from troth.kit import views
from troth.kit.accent import normal


class Colour:
    """Six hexadecimal digits in lower case."""

    regex = "[0-9a-f]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return normal(value).removeprefix("#")


register_converter(Colour, "colour")

app_name = "kit"
urlpatterns = [
    path("accent-<colour:accent>.css", views.accent, name="accent"),
    path("styleguide", views.styleguide, name="styleguide"),
    path("styleguide/<slug:face>", views.styleguide, name="styleguide"),
]
