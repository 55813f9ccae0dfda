"""Models of somebody else's application, annotated from a file without touching it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections

from connect.shops import ADA, Shop, opened, subject
from support.databases import using
from troth.core.connect import annotations
from troth.core.connect.described import DescriptionInvalid
from troth.core.rights.sources import SourceInvalid

TEXT = """
name: The library
models:
  library.Reader:
    identity: {email: email}
    fields: {email: user.contact.email, name: user.name}
  library.Loan:
    about: reader
    fields: {note: user.content.private}
    age: lent
  library.Fine:
    about: loan
    delete: true
    fields: {reason: user.financial}
"""


@pytest.fixture
def library(tmp_path: Path, settings: Any, django_db_blocker: Any) -> Iterator[Any]:
    """An application that knows nothing of us, installed beside ours, on a database file."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "connect.library"]
    path = tmp_path / "library.sqlite3"
    url = f"sqlite:///{path}"
    reader, loan, fine = (apps.get_model("library", n) for n in ("Reader", "Loan", "Fine"))
    with django_db_blocker.unblock(), using(url, url):
        with connections["default"].schema_editor() as editor:
            for model in (reader, loan, fine):
                editor.create_model(model)
        for name, email in (("Ada", ADA), ("Bob", "bob@x.example")):
            person = reader.objects.create(email=email, name=name)
            lent = loan.objects.create(reader=person, note=f"{name} reads")
            fine.objects.create(loan=lent, reason=f"{name} was late")
        file = tmp_path / "library.yml"
        file.write_text(TEXT)
        settings.TROTH_ANNOTATIONS = [str(file)]
        shop = Shop(url, opened(url))
        yield file, shop
        shop.engine.dispose()


def test_models_that_know_nothing_of_us_are_shown_corrected_and_erased(library: Any) -> None:
    _, shop = library
    (source,) = annotations.annotated()
    assert (source.key, source.label) == ("library", "The library")
    assert {one.value for one in source.found(subject())} == {
        ADA, "Ada", "Ada reads", "Ada was late"
    }  # fmt: skip
    assert source.run("correct", "correction", subject(), {"user.name": "Ada L."}) == 1
    assert "Ada L." in shop.text()
    assert source.run("erase", "deletion", subject(), {}) == 3
    assert "Ada" not in shop.text()
    assert ADA not in shop.text()
    assert "Bob was late" in shop.text()
    assert source.check("deletion", subject(), {}) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("library.Fine", "library.Nothing", "library.Nothing"),
        ("{note: user", "{nothing: user", "library.Loan.nothing"),
        ("about: loan", "subject: loan", "library.Fine"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_its_place(
    library: Any, old: str, new: str, place: str
) -> None:
    file, _ = library
    file.write_text(TEXT.replace(old, new))
    with pytest.raises(DescriptionInvalid, match=place):
        list(annotations.source(file))


def test_a_model_that_nothing_leads_to_is_refused(library: Any) -> None:
    file, _ = library
    file.write_text(TEXT.replace("    about: loan\n", ""))
    (source,) = annotations.source(file)
    with pytest.raises(SourceInvalid, match="library_fine"):
        source.run("erase", "deletion", subject(), {})
