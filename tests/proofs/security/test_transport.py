"""Between a browser and the site everything is encrypted, and a check tells where it is not."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.client import HTTPResponse

import pytest

from proofs.company import Company
from support.installations import Installation

TOLD = {
    "TROTH_SECURE": "true",  # as an installation is when nobody sets it
    "TROTH_BEHIND_PROXY": "true",
}
YEAR = 365 * 86400


def ask(port: int, path: str, *, scheme: str) -> HTTPResponse:
    """One request as the proxy in front passes it on, which says how it came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"X-Forwarded-Proto": scheme})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.clause("comantra-23", "comm100-61", "comindware-17")
def test_pages_are_served_over_https_alone(
    make_company: Callable[..., AbstractContextManager[Company]],
) -> None:
    with make_company(parts=("web",), **TOLD) as company:
        port = company.site.port
        for path in ("/", "/forms/contact", "/account/login/", "/console/"):
            plain = ask(port, path, scheme="http")
            assert plain.status == 301
            assert plain.headers["Location"] == f"https://127.0.0.1:{port}{path}"
            assert "Set-Cookie" not in plain.headers
        safe = ask(port, "/account/login/", scheme="https")
        assert safe.status == 200
        age, *more = safe.headers["Strict-Transport-Security"].split("; ")
        assert int(age.removeprefix("max-age=")) >= YEAR
        assert "includeSubDomains" in more
        cookies = safe.headers.get_all("Set-Cookie") or []
        assert cookies
        assert all("; Secure" in one for one in cookies)


@pytest.mark.clause("comantra-23", "comm100-61", "comindware-17")
def test_the_check_fails_where_transport_is_not_safe(
    make_installation: Callable[..., Installation], company_key: str
) -> None:
    safe = make_installation(company=company_key, **TOLD)
    assert safe.run("check", check=False).returncode == 0
    bare = make_installation(company=company_key, **TOLD | {"TROTH_SECURE": "false"})
    told = bare.run("check", check=False)
    assert told.returncode == 1
    for what in ("HSTS", "SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        assert what in told.stderr
