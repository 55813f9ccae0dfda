"""A person of the demo to look around with."""

from __future__ import annotations

from django.urls import reverse

from troth.core.choices.models import Choice
from troth.core.people.models import Person
from troth.hub.public.mailing import link_of


def sample_link() -> str:
    """The preference page of the person who chose last."""
    latest = Choice.objects.order_by("-at", "-id").values_list("person_id", flat=True).first()
    people = Person.objects.select_related("root")
    person = (people.filter(pk=latest) if latest else people).first()
    return link_of(person.root) if person else reverse("public:preferences")
