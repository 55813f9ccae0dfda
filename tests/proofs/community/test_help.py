"""Help articles: written in editions, published, found, and rated by nobody in particular."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from proofs.company import Company, submit


@pytest.mark.clause("comm100-07")
def test_an_article_is_written_versioned_published_found_and_rated(company: Company) -> None:
    writer, visitor = company.staff("Marketing"), company.reader()
    word, later = f"Kettle{uuid4().hex[:8]}", f"teapot{uuid4().hex[:8]}"
    body = f"Fill it with **water** <script>x</script> and {word}."
    page = writer.get("/console/help/new")
    seen = submit(
        writer, page, "body", section="Tea", title=f"About {word}", body=body, do="preview"
    )
    assert "<strong>water</strong>" in seen.text
    page = submit(writer, seen, "body", do="save")
    path = page.url.rpartition("/console")[2]
    # A draft is nobody's to read, and no search finds it.
    assert visitor.get(path).status == 404
    assert word not in visitor.get(f"/help/?q={word}").words
    submit(writer, page, "number", to="/publish", number="1")
    shown = visitor.get(path)
    assert "<strong>water</strong>" in shown.text
    assert "<script>x" not in shown.text

    # A second edition shows when it is published, and the first can be compared and taken up again.
    page = submit(
        writer, writer.get(page.url), "body", title="About pots", body=f"Use a {later}.", do="save"
    )
    assert later not in visitor.get(path).words
    assert "0 articles found" in visitor.get(f"/help/?q={later}").words
    submit(writer, page, "number", to="/publish", number="2")
    assert later in visitor.get(path).words
    compared = writer.get(f"/console{path}/compare?from=1&to=2")
    assert re.search(rf"<del>.*?{word}", compared.text)
    assert re.search(rf"<ins>.*?{later}", compared.text)
    submit(writer, writer.get(page.url), "number", to="/restore", number="1")
    submit(writer, writer.get(page.url), "number", to="/publish", number="3")
    found = visitor.get(f"/help/?q={word.upper()}+water")
    assert f'href="{path}"' in found.text
    assert f"About {word}" in found.words
    assert "Help" in visitor.get("/").words

    # An answer counts once a day for each caller; whose it was stands nowhere.
    before = company.rows("SELECT helped, did_not FROM community_article WHERE slug = ?", path[6:])
    assert before == [(0, 0)]
    for reader, said in ((visitor, "yes"), (visitor, "yes"), (company.reader(), "no")):
        thanked = submit(reader, reader.get(path), to="/rate", helped=said)
        assert "note nothing of who gave them" in thanked.words
        assert not list(reader.cookies)
    rated = company.rows("SELECT helped, did_not FROM community_article WHERE slug = ?", path[6:])
    assert rated == [(1, 1)]
    submit(writer, writer.get(page.url), to="/withdraw")
    assert visitor.get(path).status == 404
    assert company.staff("Agent").get("/console/help/").status == 403
