"""The policy in the console: read, compared, checked, published."""

from __future__ import annotations

import pytest

from console.cast import Company, words
from troth.core.notices.models import PolicyVersion
from troth.core.notices.versions import current
from troth.core.staff.models import Role


def newer(**changes: str) -> str:
    """The version in force as a file, with another version and some text replaced."""
    source = current().policy.source
    source = source.replace(f'version = "{current().version}"', 'version = "2030-01-01"', 1)
    for old, new in changes.items():
        assert old in source
        source = source.replace(old, new)
    return source


def test_the_version_in_force_is_shown_with_its_clauses(comm100: Company) -> None:
    answer = comm100.agent.get("/console/policy")
    assert 'id="clause-2.3"' in answer.content.decode()
    assert "in force" in words(answer)


def test_the_flows_are_drawn_with_a_table_beside(comm100: Company) -> None:
    answer = comm100.agent.get("/console/policy/picture")
    assert "<svg" in answer.content.decode()
    assert "Where data comes in" in words(answer)


@pytest.mark.parametrize(
    "source",
    ["", "   ", "not toml [[[", "\x00\x01", "[policy]\nversion = 1", "é" * 5000, "[[a]]\n" * 3000],
)
def test_a_bad_file_is_answered_with_its_problems(comm100: Company, source: str) -> None:
    answer = comm100.owner.post("/console/policy/new", source=source)
    assert answer.status_code == 400
    assert "Publish it?" not in words(answer)
    assert PolicyVersion.objects.count() == 1


def test_all_problems_are_listed_with_code_line_cause_and_hint(comm100: Company) -> None:
    source = newer(**{'data = "user.name"': 'data = "user.nam"'})
    text = words(comm100.owner.post("/console/policy/new", source=source))
    assert text.count("Unknown data category user.nam") > 1
    assert "T201" in text
    assert "line " in text
    assert "Did you mean user.name?" in text


def test_a_file_is_compared_before_it_is_published(comm100: Company) -> None:
    source = newer(**{'basis = "opt-in"': 'basis = "opt-out"'})
    text = words(comm100.owner.post("/console/policy/new", source=source))
    assert "material" in text
    assert "People have to be told of it" in text
    assert "To how many" in text
    assert PolicyVersion.objects.count() == 1


def test_publishing_puts_it_in_force(comm100: Company) -> None:
    source = newer(**{'basis = "opt-in"': 'basis = "opt-out"'})
    unconfirmed = comm100.owner.post("/console/policy/publish", source=source)
    assert unconfirmed.status_code == 400
    assert PolicyVersion.objects.count() == 1
    answer = comm100.owner.post(
        "/console/policy/publish", source=source.replace("\n", "\r\n"), looked="on"
    )
    assert answer.status_code == 302
    assert current().version == "2030-01-01"
    assert current().policy.source == source
    assert "2030-01-01 is in force" in comm100.owner.reads("/console/policy")
    assert "What changed" in comm100.agent.reads("/console/policy/compare")
    old = comm100.agent.reads("/console/policy/versions/2010-05-18")
    assert "An earlier version" in old


def test_a_purpose_that_a_version_brings_is_in_no_role_until_somebody_gives_it(
    comm100: Company,
) -> None:
    assert "in no role" not in comm100.owner.reads("/console/")
    source = newer() + (
        '\n[purposes.greetings]\nclause = "2.3"\nuse = "marketing.communications.email"\n'
        'label = "Greetings at the new year"\nbasis = "opt-in"\n'
    )
    comm100.owner.post("/console/policy/publish", source=source, looked="on")
    assert "1 purpose of the policy is in no role" in comm100.owner.reads("/console/")
    assert "in no role" not in comm100.agent.reads("/console/").lower()
    shown = comm100.owner.reads("/console/settings")
    assert "In no role" in shown
    assert "Greetings at the new year" in shown
    owner = Role.objects.get(name="Owner")
    changed = {"name": "Owner", "abilities": owner.abilities}
    comm100.owner.post(
        f"/console/settings/roles/{owner.pk}", purposes=[*owner.purposes, "greetings"], **changed
    )
    assert "in no role" not in comm100.owner.reads("/console/")


def test_a_published_version_is_not_published_again(comm100: Company) -> None:
    source = current().policy.source
    answer = comm100.owner.post("/console/policy/publish", source=source, looked="on")
    assert answer.status_code == 400
    assert "published already" in words(answer)


def test_a_version_there_is_none_of(comm100: Company) -> None:
    assert comm100.agent.get("/console/policy/versions/1999").status_code == 404
    assert comm100.agent.get("/console/policy/compare", old="1", new="2").status_code in {200, 404}
