"""Erasure in outside databases, seen in the databases themselves."""

from __future__ import annotations

from connect.shops import ADA, BOB, DESCRIPTION, Shop, database, subject
from troth.core.rights.sources import Left


def test_what_is_hers_alone_goes_and_what_is_shared_is_cut(shop: Shop) -> None:
    source = database(shop, DESCRIPTION)
    assert [one for one in source.problems() if one.stops != "nothing"] == []
    assert source.check("deletion", subject(), {}) != []
    assert source.run("erase", "deletion", subject(), {}) == 6
    text = shop.text()
    for gone in ("Ada@", 'Ha"ra', "1 Ada Street", "To Ada", "192.0.2.7", "1815", "Ada here"):
        assert gone not in text
    for kept in (BOB, "2 Home Road", "for Bob", "To Bob", "192.0.2.8", "Dear Bob", "cy@"):
        assert kept in text
    assert shop.rows("SELECT ship_to FROM orders WHERE id = 10") == [(None,)]
    assert shop.rows("SELECT sender, recipient FROM message WHERE id = 1") == [(None, 1)]
    assert source.check("deletion", subject(), {}) == []
    assert source.run("erase", "deletion", subject(), {}) == 0
    assert Left("customer", "email", 1) in source.check("deletion", subject(BOB), {})


def test_access_shows_what_is_hers_and_nobody_elses(shop: Shop) -> None:
    found = list(database(shop, DESCRIPTION).found(subject(ADA)))
    said = {str(one.value) for one in found}
    assert {"1 Ada Street", "2 Home Road", "To Ada", "Dear Bob", "1815-12-10"} <= said
    assert not {BOB, "for Bob", "To Bob", "192.0.2.8", "Cy", "Bob"} & said
    assert {one.category for one in found} >= {"user.contact.email", "user.name"}
