"""The page, the Markdown and the picture of a policy."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

from policy.golden_files import GOLDEN, clean, golden, sound
from troth.policy import picture, read, render_html, render_markdown

HOSTILE = """
<script>alert(1)</script> <img src=x onerror=alert(1)> [link](javascript:alert(1))
![image](https://tracker.example/x.png) <style>*{}</style> <https://fern.example>
# Not a heading
**bold** & [good](https://fern.example "x") <b onclick=x>b</b>
"""


class Seen(HTMLParser):
    """All tags and attributes of a fragment, and whether they nest."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(fragment)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def hostile_html() -> str:
    source = (GOLDEN / "check" / "clean.toml").read_text(encoding="utf-8")
    text = f'"""{HOSTILE}"""'
    source = source.replace('"We answer what you ask."', text)
    source = source.replace('"Answering you"', '"<i>Answering</i> \\"you\\""')
    policy = read(source).policy
    assert policy is not None
    return render_html(policy)


def test_the_page() -> None:
    policy = clean("clean-everything")
    golden(GOLDEN / "render" / "everything.html", render_html(policy))
    golden(GOLDEN / "render" / "everything.md", render_markdown(policy))
    sections = clean("clean-sections")
    golden(GOLDEN / "render" / "sections.html", render_html(sections))
    golden(GOLDEN / "render" / "sections.md", render_markdown(sections))


def test_every_clause_has_an_anchor() -> None:
    policy = clean("clean-everything")
    page, markdown = render_html(policy), render_markdown(policy)
    for clause in policy.clauses:
        assert page.count(f'id="clause-{clause.clause}"') == 1
        assert markdown.count(f'id="clause-{clause.clause}"') == 1


def test_hostile_text_does_nothing() -> None:
    page = hostile_html()
    seen = Seen(page)
    assert not seen.open
    assert not seen.tags & {"script", "style", "img", "b", "i", "h1", "h3"}
    names = {name for name, _ in seen.attributes}
    assert names <= {"class", "id", "href", "title", "rel", "lang", "datetime"}
    targets = [value or "" for name, value in seen.attributes if name == "href"]
    assert not [
        one for one in targets if not re.match(r"#clause-|https://(fern|tracker)\.example", one)
    ]
    assert "<strong>bold</strong>" in page
    assert "&lt;script&gt;" in page


def test_what_changed_stands_at_its_clause() -> None:
    folder = GOLDEN / "compare"
    old, new = sound(folder / "base.toml"), sound(folder / "kept-longer.toml")
    page = render_html(new, previous=old)
    clause = page[page.index('id="clause-5"') :]
    assert "3 years after last contact; before: " in clause[: clause.index("</div>\n")]
    assert page.count("policy-changed") == 1
    assert "policy-changed" not in render_html(new, previous=new)


def test_the_picture_is_plain_svg() -> None:
    for name in ("clean", "clean-everything", "clean-aggregate", "clean-prohibited"):
        policy = clean(name)
        root = ET.fromstring(picture(policy))
        space = "{http://www.w3.org/2000/svg}"
        assert root.tag == f"{space}svg"
        assert root[0].tag == f"{space}title"
        description = root.findtext(f"{space}desc") or ""
        for purpose in policy.purposes.values():
            assert purpose.label in description
        for element in root.iter():
            assert element.tag.removeprefix(space) not in ("script", "style", "image", "use")
            assert not [key for key in element.attrib if key == "style" or key.startswith("on")]
            colours = {element.get("fill"), element.get("stroke")}
            assert colours <= {None, "none", "currentColor"}


def test_the_picture_has_a_mark_for_every_flow() -> None:
    root = ET.fromstring(picture(clean("clean")))
    marks = [one for one in root.iter() if one.get("class") == "flow-dot"]
    titles = sorted(mark[0].text or "" for mark in marks)
    assert titles == [
        "Contact to Answering you: Name and E-mail address § 3",
        "Contact to News by e-mail: Name and E-mail address § 3",
        "News by e-mail to Larch Mail: E-mail address § 4",
    ]


def test_no_name_of_the_picture_lies_on_another() -> None:
    """Names in a column block start a column apart, and the rows a row apart."""
    folder = GOLDEN / "compile"
    root = ET.fromstring(picture(sound(folder / "everything.toml")))
    slanted = [
        (float(one.get("x", "0")), float(one.get("y", "0")))
        for one in root.iter()
        if "rotate" in one.get("transform", "")
    ]
    assert len(slanted) > 3
    columns = sorted(x for x, _ in slanted)
    assert all(right - left >= 18 for left, right in pairwise(columns))
    assert len({y for _, y in slanted}) == 1
