"""Addresses that came in a list are mailed for what their people asked for, and after they did."""

from __future__ import annotations

from urllib.request import Request
from uuid import uuid4

import pytest

from proofs.campaigns.campaigning import crew, sent, until, who_got, written
from proofs.company import Company, submit
from support.pages import form
from support.reader import Page, Reader


def upload(reader: Reader, rows: list[str]) -> Page:
    """Send a list as a browser does."""
    page, edge = reader.get("/console/imports/new"), uuid4().hex
    found = form(page, "list")
    content = "E-mail,Full name,Permission\r\n" + "".join(f"{row}\r\n" for row in rows)
    body = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in found.fields
        if name != "list"
    )
    body += (
        f'--{edge}\r\nContent-Disposition: form-data; name="list"; filename="list.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{content}\r\n--{edge}--\r\n"
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    return reader._open(Request(found.action, body.encode(), reader.headers | kind))


def bring(reader: Reader, rows: list[str]) -> Page:
    """The whole way of a list, as somebody at the console goes it."""
    path = upload(reader, rows).url

    def ready(words: str) -> Page | None:
        page = reader.get(path)
        return page if words in page.words else None

    submit(reader, _page(until(lambda: ready("Which column is what?"))), to="/columns")
    submit(reader, _page(until(lambda: ready("Let them in"))), to="/start")
    return _page(until(lambda: ready("What happened")))


def _page(found: object) -> Page:
    assert isinstance(found, Page)
    return found


@pytest.mark.clause("comintech-09", "comintech-10")
def test_a_list_is_mailed_after_each_has_confirmed_and_never_without_proof(
    company: Company,
) -> None:
    people = crew(3)
    proofs = ("Fair in Ghent, 3 May 2014", "Fair in Ghent, 3 May 2014", "")
    rows = [f'{s.email},{s.name},"{said}"' for s, said in zip(people, proofs, strict=True)]
    page = bring(company.staff("Owner"), rows)
    assert "New people 2" in page.words
    assert "May not come in 1" in page.words
    for purpose in ("newsletter", "panels"):
        draft = written(company, purpose, people, subject=f"First {purpose}")
        assert "Nobody would get it" in draft.page("send").words
    link = company.link(people[0].email, "/imports/confirm/")
    assert company.link(people[1].email, "/imports/confirm/")
    reader = company.reader()
    asked = reader.get(link)
    assert "Panels you joined" in asked.words
    submit(reader, asked)
    for purpose in ("newsletter", "panels"):
        sent(company, purpose, people, subject=f"Then {purpose}")
        assert who_got(company, people, f"Then {purpose}") == [True, False, False]
    assert not [one for one in company.post.received if people[2].email in one.recipients]
