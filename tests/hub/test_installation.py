"""An installation's files are its user's alone, and its pages of faults show no value."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from django.test import RequestFactory
from django.views.debug import technical_500_response

from support.installations import Installation, served
from support.reader import Reader
from troth.hub.home import Home


def open_to_others(folder: Path) -> list[str]:
    paths = [folder, *folder.rglob("*")]
    return [path.name for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_what_an_installation_makes_is_its_users_alone(
    make_installation: Callable[..., Installation],
) -> None:
    made = make_installation()
    with served(made) as site:
        Reader(site.url).get("/forms/contact")
        assert (made.home / "main.sqlite3-wal").exists()
        site.log.chmod(0o600)  # the test's own
        assert not open_to_others(made.home)


def test_create_closes_a_folder_that_was_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Home(tmp_path).create()
    assert not open_to_others(tmp_path)


def test_check_tells_what_others_can_read(
    make_installation: Callable[..., Installation],
) -> None:
    made = make_installation(TROTH_SECURE="true")
    assert "troth.W001" not in made.run("check").stderr
    made.home.chmod(0o755)
    (made.home / "main.sqlite3").chmod(0o644)
    told = made.run("check", check=False).stderr
    assert told.count("troth.W001") == 2
    assert "main.sqlite3 can be read by other users" in told


def test_the_page_of_a_fault_shows_no_value() -> None:
    # Made here, since the page shows the lines of the program.
    sent, asked, kept, held = values = [uuid4().hex for _ in range(4)]
    headers = {"Cookie": f"kept={kept}"}
    request = RequestFactory(headers=headers).post(f"/?asked={asked}", {"message": sent})
    plain = RequestFactory(headers=headers | {"Accept": "text/plain"}).post("/", {"m": sent})
    try:
        _ = 1 / (len(held) - 32)
    except ZeroDivisionError:
        pages = [
            technical_500_response(one, *sys.exc_info()).content.decode()
            for one in (request, plain)
        ]
    for page in pages:
        assert "test_installation.py" in page
        assert not [value for value in values if value in page]


def test_a_former_signing_key_is_still_accepted(tmp_path: Path) -> None:
    code = "from troth.hub.settings import SECRET_KEY_FALLBACKS; print(SECRET_KEY_FALLBACKS)"
    environment = {"TROTH_SECRET_KEY_FALLBACKS": "one two"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=Installation(tmp_path, environment=environment).variables(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['one', 'two']"
