"""What people are told where they order."""

from __future__ import annotations

import pytest

from proofs.selling import Shop

WORDS = "nothing on the internet is altogether safe"


@pytest.mark.clause("com1-11")
def test_that_no_medium_is_safe_is_said_in_the_policy_and_at_the_order_form(shop: Shop) -> None:
    reader = shop.company.reader()
    page = reader.get(shop.address)
    assert WORDS in page.words
    assert page.words.index(WORDS) < page.words.index("Order and pay"), "before anything is sent"
    assert "/policy/clause/7.3" in page.text
    assert WORDS in reader.get("/policy").words
    elsewhere = reader.get("/shop/")
    assert WORDS not in elsewhere.words, "where nothing is asked, nothing is said"
