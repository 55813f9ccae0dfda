"""Pages obey a strict content security policy by construction, and ask no other origin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Mail has no content security policy, and mail programs know no stylesheet but the inline one.
MAIL = "kit/templates/kit/mail.html"
TEMPLATES = sorted(
    path
    for path in (ROOT / "src").rglob("templates/**/*.html")
    if not path.as_posix().endswith(MAIL)
)
STATIC = sorted(
    path for path in (ROOT / "src").rglob("static/**/*") if path.suffix in {".js", ".css", ".svg"}
)

FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[\w:.-]*)\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "another origin": re.compile(
        r"""\b(?:src|srcset|href|action|formaction|poster|data)\s*=\s*["']?\s*(?:https?:)?//""",
        re.IGNORECASE,
    ),
    "an unescaped value": re.compile(r"\|\s*safe\b(?!seq)|{%\s*autoescape\s+off"),
}
# A file to take home brings its own policy, which lets it load nothing: its sheet is in it.
ALONE = """content="default-src 'none'; style-src 'unsafe-inline'">"""
NAMESPACES = re.compile(r"http://www\.w3\.org/[\w/]+")


def name(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "troth").as_posix()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has_what_the_policy_of_the_page_refuses(what: str) -> None:
    found = [
        f"{name(path)}: {hit.group()!r}"
        for path in TEMPLATES
        for hit in FORBIDDEN[what].finditer(path.read_text("utf-8"))
        if not (what == "an inline style sheet" and ALONE in path.read_text("utf-8"))
    ]
    assert not found, f"{what}: " + "; ".join(found)


@pytest.mark.parametrize("path", STATIC, ids=name)
def test_scripts_and_styles_load_nothing_from_elsewhere(path: Path) -> None:
    text = NAMESPACES.sub("", path.read_text("utf-8"))
    assert not re.search(
        r"""(?:https?:)?//[\w-]+\.\w""", re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    )
    assert not re.search(r"\beval\s*\(|new\s+Function\s*\(|document\.write", text)
