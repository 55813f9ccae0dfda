"""How names are spelled, and which nobody can have."""

from __future__ import annotations

import pytest

from troth.channels.domains.names import NameInvalid, above, ascii_of, shown


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Quill.Example", "quill.example"),
        (" https://www.quill.example/about ", "quill.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example.", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_name_is_spelled_one_way_however_it_was_typed(typed: str, name: str) -> None:
    assert ascii_of(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        *("quill", "", "-quill.example", "quill..example", "qu ill.example", "a" * 64 + ".example"),
        *("quill.test", "quill.localhost", "printer.local", "10.0.0.1", "qu_ill.example"),
        *("q" * 60 + ".example" * 30, "xn--zzzz--.example"),
    ],
)
def test_what_is_no_name_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(NameInvalid) as refused:
        ascii_of(typed)
    assert not typed or typed not in str(refused.value)


def test_people_read_letters_and_machines_their_spelling() -> None:
    assert shown("xn--bcher-kva.example") == "bücher.example"
    assert shown("xn--zzzz--.example") == "xn--zzzz--.example"
    assert above("a.b.quill.example") == ["b.quill.example", "quill.example"]
