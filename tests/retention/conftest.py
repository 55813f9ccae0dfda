"""The companies of `tests/core`, with clauses that keep data for different times."""

from __future__ import annotations

import django
import pytest

django.setup()  # this file may be read before pytest-django does it

from console.conftest import comm100, companies, template  # noqa: E402
from core.conftest import Company, company, sqlite_pair  # noqa: E402

__all__ = ["comm100", "companies", "company", "sqlite_pair", "template"]

KEPT = """[[keep]]
clause = "4.1"
data = ["user"]
period = "2 years after last contact"
then = "erase"
text = "After two years it goes."
"""
CLAUSES = (
    KEPT
    + """
[[keep]]
clause = "4.2"
data = ["user.content.private"]
period = "30 days after collection"
then = "depersonalise"
text = "What you wrote."

[[keep]]
clause = "4.3"
data = ["user.contact.phone_number"]
period = "10 days after contract end"
then = "lock"
text = "Your phone."
"""
)


@pytest.fixture
def keeping(company: Company) -> Company:
    """A company with a clause for each thing that can happen when the time is over."""
    company.publish("2", (KEPT, CLAUSES))
    return company
