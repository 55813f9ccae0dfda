"""Descriptions that would leave a field as it is are refused before anything changes."""

from __future__ import annotations

import re

import pytest

from connect.shops import DESCRIPTION, Shop, database, subject
from troth.core.connect.dataset import read
from troth.core.connect.described import DescriptionInvalid
from troth.core.rights.sources import SourceInvalid

ONE = "dataset: [{{fides_key: a, collections: [{{name: t, fields: [{{name: f, {}}}], {}}}]}}]"
CASES = {
    "customer.nick": ("- {name: born,", "- {name: nick,"),
    "clients": ("      - name: customer\n", "      - name: clients\n"),
    "login": (
        "field: customer.id, direction: from}]}\n          - {name: ip",
        "field: nobody.id}]}\n          - {name: ip",
    ),
    "customer.name": ("length: 40}", "read_only: true}"),
    "customer.email": (
        "data_type: string}",
        "data_type: string, masking_strategy_override: {strategy: hash}}",
    ),
    "order_item.engraving": (
        "{name: engraving, data_categories: [user.content.private]}",
        (
            "{name: engraving, data_categories: [user.content.private], fides_meta: "
            "{masking_strategy_override: {strategy: null_rewrite}}}"
        ),
    ),
    "message": (
        "      - name: message\n",
        "      - name: message\n        fides_meta: {skip_processing: true}\n",
    ),
}


def test_a_field_that_would_stay_is_named_and_nothing_changes(shop: Shop) -> None:
    before = shop.text()
    for place, (old, new) in CASES.items():
        assert old in DESCRIPTION
        source = database(shop, DESCRIPTION.replace(old, new, 1))
        with pytest.raises(SourceInvalid) as refused:
            source.run("erase", "deletion", subject(), {})
        assert re.search(rf"\b{re.escape(place)}\b", str(refused.value))
    assert shop.text() == before


def test_a_table_without_any_key_is_refused(empty_shop: Shop) -> None:
    empty_shop.do("CREATE TABLE visit (email varchar(80), page varchar(80))")
    text = """
      dataset:
        - fides_key: s
          collections:
            - name: visit
              fields:
                - name: email
                  data_categories: [user.contact.email]
                  fides_meta: {identity: email}
    """
    with pytest.raises(SourceInvalid, match=r"visit.*\n.*primary key"):
        database(empty_shop, text).run("erase", "deletion", subject(), {})


def test_a_reference_that_cannot_be_cut_is_refused_by_name(empty_shop: Shop) -> None:
    empty_shop.do(
        "CREATE TABLE home (id integer PRIMARY KEY, street varchar(80))",
        "CREATE TABLE person (id integer PRIMARY KEY, email varchar(80),"
        " home integer NOT NULL REFERENCES home(id))",
        "INSERT INTO home VALUES (1, 'Both Road')",
        "INSERT INTO person VALUES (1, 'ada@customers.example', 1), (2, 'bob@x.example', 1)",
    )
    text = """
      dataset:
        - fides_key: s
          collections:
            - name: home
              fields:
                - {name: id, fides_meta: {primary_key: true}}
                - {name: street, data_categories: [user.contact.address.street]}
            - name: person
              fields:
                - {name: id, fides_meta: {primary_key: true}}
                - name: email
                  data_categories: [user.contact.email]
                  fides_meta: {identity: email}
                - name: home
                  fides_meta: {references: [{dataset: s, field: home.id, direction: to}]}
    """
    before = empty_shop.text()
    with pytest.raises(SourceInvalid, match=r"person\.home"):
        database(empty_shop, text).run("erase", "deletion", subject(), {})
    assert empty_shop.text() == before


def test_what_puts_a_value_back_is_found_before_the_commit(lite_shop: Shop) -> None:
    lite_shop.do(
        "CREATE TRIGGER back AFTER UPDATE OF note ON orders BEGIN"
        " UPDATE orders SET note = OLD.note WHERE id = NEW.id AND OLD.note IS NOT NULL; END"
    )
    before = lite_shop.text()
    with pytest.raises(SourceInvalid, match=r"orders\.note"):
        database(lite_shop, DESCRIPTION).run("erase", "deletion", subject(), {})
    assert lite_shop.text() == before


def test_no_word_of_the_database_and_no_value_is_in_a_refusal(shop: Shop) -> None:
    shop.do(
        "CREATE TABLE audit (customer integer, FOREIGN KEY (customer) REFERENCES login(id))",
        "INSERT INTO audit VALUES (1)",
    )
    with pytest.raises(SourceInvalid) as refused:
        database(shop, DESCRIPTION).run("erase", "deletion", subject(), {})
    said = repr(refused.value) + str(refused.value)
    assert "audit.customer" in said
    assert refused.value.__cause__ is None
    assert "ada" not in said.lower().replace("database", "")


@pytest.mark.parametrize(
    "text",
    [
        "dataset: [",
        "dataset: []",
        "a: 1",
        "dataset: [{fides_key: 'a b', collections: []}]",
        "x: &a [1]\ndataset: *a",
        ONE.format("fides_meta: {data_type: nonsense}", ""),
        ONE.format("", "troth: {owner: g}"),
    ],
)
def test_what_is_no_description_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(DescriptionInvalid):
        read(text)


@pytest.mark.parametrize("text", ["a: 2001-13-45", "a: !!bool x", "a: !!timestamp x", "[" * 5000])
def test_a_value_that_is_none_of_its_kind_is_refused_in_words(text: str) -> None:
    with pytest.raises(DescriptionInvalid):
        read(text)
