"""TOML with places: the values by tomllib, the line and column of each by tree-sitter.

Where tomllib stops at the first syntax error, the broken statement is blanked out and the rest is
read on, so that one run shows every error.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import tree_sitter
import tree_sitter_toml

from troth.policy.problems import Place, Problems

Path = tuple[str | int, ...]

LARGEST = 256 * 1024
MOST_LINES = 10_000
LONGEST_LINE = 10_000
MOST_TOKENS = 40_000
RECOVERABLE = 64 * 1024
"""Up to this size a file with syntax errors is given to tree-sitter, whose recovery is slow."""
DEEPEST = 6
MOST_ERRORS = 20


@dataclass
class Document:
    """The values of a file, and where each key and value stands."""

    text: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    keys: dict[Path, tree_sitter.Node] = field(default_factory=dict)
    places: dict[Path, tree_sitter.Node] = field(default_factory=dict)
    whole: bool = True
    """Whether nothing had to be left out because of a syntax error."""

    def key(self, path: Path) -> Place:
        """Where a key or table header stands, or else the nearest thing around it."""
        while path and path not in self.keys:
            path = path[:-1]
        return self._place(self.keys[path]) if path else Place()

    def place(self, path: Path) -> Place:
        """Where a value stands, or else its key."""
        return self._place(self.places[path]) if path in self.places else self.key(path)

    @cached_property
    def _lines(self) -> list[bytes]:
        return self.text.encode().split(b"\n")

    def _place(self, node: tree_sitter.Node) -> Place:
        """Columns count characters where the parser counts bytes."""
        (row, start), end = node.start_point, node.end_point
        line = self._lines[row]
        stop = end.column if end.row == row else len(line)
        length = len(line[start:stop].decode(errors="replace"))
        return Place(row + 1, len(line[:start].decode(errors="replace")) + 1, max(length, 1))


def load(source: bytes | str, problems: Problems) -> Document:
    """Read a file as far as it can be read, and note what is wrong with its form."""
    text = _text(source, problems)
    if problems.errors or not _sane(text, problems):
        return Document(text)
    document = Document(text)
    document.values, document.whole = _values(text, problems)
    if document.whole or len(text) < RECOVERABLE:
        _Places(document).walk(_tree(text))
    return document


def _tree(text: str) -> tree_sitter.Node:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    return parser.parse(text.encode()).root_node


def _text(source: bytes | str, problems: Problems) -> str:
    size = len(source)
    if size > LARGEST:
        problems.add("T002", Place(), f"The file has {size:,} bytes; at most {LARGEST:,} are read")
        return ""
    if isinstance(source, str):
        text = source.encode("utf-8", "replace").decode()
    else:
        try:
            text = source.decode("utf-8")
        except UnicodeDecodeError as error:
            before = source[: error.start].decode("utf-8")
            line = before.count("\n") + 1
            column = len(before) - (before.rfind("\n") + 1) + 1
            problems.add(
                "T001",
                Place(line, column),
                f"The byte 0x{source[error.start]:02x} here is not part of a UTF-8 text",
            )
            return source.decode("utf-8", "replace")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if text.count("\n") > MOST_LINES:
        problems.add(
            "T002", Place(), f"The file has more than {MOST_LINES:,} lines, which is not read"
        )
    elif max(map(len, text.split("\n"))) > LONGEST_LINE:
        line = next(n for n, one in enumerate(text.split("\n"), 1) if len(one) > LONGEST_LINE)
        message = f"This line has more than {LONGEST_LINE:,} characters, which is not read"
        problems.add("T002", Place(line), message)
    elif not text.strip():
        problems.add("T006", Place(), "The file is empty")
    return text


UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|(?P<dotted>(?:(?:[\w-]++|"[^"\n]*+"|\'[^\'\n]*+\')[ \t]*+\.[ \t]*+)'
    rf"{{{DEEPEST}}})"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|[\w.+:-]++|[\s=,]++|.",
    re.DOTALL,
)


def _sane(text: str, problems: Problems) -> bool:
    """Whether the text may be given to a parser: nothing unseen in it, not nested too deeply."""
    for match in UNSEEN.finditer(text):
        name = unicodedata.name(match[0], "control character")
        problems.add(
            "T005", _at(text, match.start()), f"There is a U+{ord(match[0]):04X} here ({name})"
        )
        if problems.full:
            return False
    depth = 0
    for count, match in enumerate(_TOKEN.finditer(text)):
        if count > MOST_TOKENS:
            message = f"The file has more than {MOST_TOKENS:,} names, values and signs"
            problems.add("T002", _at(text, match.start()), message)
            return False
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(depth - 1, 0)
        if depth > DEEPEST or match["dotted"]:
            problems.add(
                "T004", _at(text, match.start()), f"This is nested more than {DEEPEST} levels deep"
            )
            return False
    return not problems.errors


def _at(text: str, index: int) -> Place:
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_STATEMENT = re.compile(r"""\s*(\[|[\w."'-]+[ \t]*=)""")


def _values(text: str, problems: Problems) -> tuple[dict[str, Any], bool]:
    """The values that can be read, and whether that was all of them."""
    lines = text.split("\n")
    spans: dict[int, tuple[int, int]] = {}
    root: tree_sitter.Node | None = None
    previous = -1
    for _ in range(max(3, min(MOST_ERRORS, 2_000_000 // len(text)))):
        try:
            return tomllib.loads("\n".join(lines)), previous < 0
        except RecursionError:
            problems.add("T004", Place(), "The file is nested too deeply")
            break
        except ValueError as error:
            message = str(error)
        if root is None:
            root = _tree(text if len(text) < RECOVERABLE else "")
            spans = _statements(root)
        match = _POSITION.search(message)
        if not match or not match[1]:
            place = _first_error(root, text) if match else _digits(text)
            problems.add("T003", place, _plain(message.partition(" (at ")[0]))
            break
        line, column = int(match[1]), int(match[2])
        # A line that starts no statement, right after a broken one, is only its continuation.
        if line != previous + 1 or _STATEMENT.match(lines[line - 1]):
            problems.add("T003", Place(line, column), _plain(message[: match.start()]))
        first, last = _block(lines, line) or spans.get(line, (line, line))
        if not any(lines[first - 1 : last]):
            break
        lines[first - 1 : last] = [""] * (last - first + 1)
        previous = last
    return {}, False


def _block(lines: list[str], line: int) -> tuple[int, int] | None:
    """The lines of a whole table, if this is its header: without it they belong nowhere."""
    if not lines[line - 1].lstrip().startswith("["):
        return None
    below = range(line, len(lines))
    return line, next((number for number in below if lines[number].startswith("[")), len(lines))


def _statements(root: tree_sitter.Node) -> dict[int, tuple[int, int]]:
    """For each line, the lines of the statement it is part of."""
    spans = {}
    for block in root.named_children:
        for node in (block, *block.named_children):
            if node.type == "pair":
                span = (node.start_point.row + 1, node.end_point.row + 1)
                spans.update(dict.fromkeys(range(span[0], span[1] + 1), span))
    return spans


def _digits(text: str) -> Place:
    """Where the number stands that is too long to be read."""
    match = re.search(r"\d{1000}", text)
    return _at(text, match.start()) if match else Place()


def _first_error(root: tree_sitter.Node, text: str) -> Place:
    """Where tree-sitter first lost its way; tomllib only knows that the file ended too early."""
    node = root
    while node.has_error and not node.is_error:
        inner = next((child for child in node.children if child.has_error), None)
        if inner is None:
            break
        node = inner
    return _at(text, len(text.encode()[: node.start_byte].decode(errors="replace")))


def _plain(message: str) -> str:
    """The message of tomllib in the words of somebody who writes policies."""
    if message.startswith("Illegal character '\\n'"):
        return "A text in quotes is not closed on this line"
    if message.startswith("Cannot overwrite"):
        return "This key has been given before"
    if message.startswith(("Cannot declare", "Cannot mutate")):
        return "This table has been declared before"
    if message.startswith("Unclosed array"):
        return "A list is not closed here, or a comma is missing in it"
    if message.startswith("Exceeds the limit"):
        return "A number here has far too many digits"
    return message[:1].upper() + message[1:200]


_KEYS = ("bare_key", "quoted_key", "dotted_key")


def _keys(node: tree_sitter.Node) -> list[str]:
    """The parts of a key."""
    if node.type == "dotted_key":
        return [part for child in node.named_children for part in _keys(child)]
    name = (node.text or b"").decode(errors="replace")
    return [name[1:-1] if node.type == "quoted_key" else name]


def _inside(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    return [child for child in node.named_children if child.type != "comment"]


@dataclass
class _Places:
    """Walks the syntax tree and notes where every key and value stands."""

    document: Document
    opened: dict[Path, int] = field(default_factory=dict)
    """For an array of tables, the index of the element last opened."""

    def walk(self, root: tree_sitter.Node) -> None:
        for block in root.named_children:
            if block.type == "pair":
                self._pair(block, ())
            elif block.type in ("table", "table_array_element"):
                path = self._header(block)
                for child in block.named_children:
                    if child.type == "pair" and path:
                        self._pair(child, path)

    def _header(self, block: tree_sitter.Node) -> Path:
        header = next((child for child in _inside(block) if child.type in _KEYS), None)
        if header is None:
            return ()
        *before, last = _keys(header)
        path: Path = ()
        for name in before:
            path = self._latest((*path, name))
        path = (*path, last)
        self.document.keys.setdefault(path[:1], header)
        self.document.keys.setdefault(path, header)
        if block.type == "table_array_element":
            self.opened[path] = self.opened.get(path, -1) + 1
        path = self._latest(path)
        self.document.keys[path] = header
        return path

    def _latest(self, path: Path) -> Path:
        return (*path, self.opened[path]) if path in self.opened else path

    def _pair(self, node: tree_sitter.Node, path: Path) -> None:
        key, *_, value = _inside(node) or [node]
        if key.type not in _KEYS:
            return
        for name in _keys(key):
            path = (*path, name)
            self.document.keys.setdefault(path, key)
        self._value(value, path)

    def _value(self, node: tree_sitter.Node, path: Path) -> None:
        self.document.places[path] = node
        if node.type == "array":
            for index, child in enumerate(_inside(node)):
                self._value(child, (*path, index))
        elif node.type == "inline_table":
            for child in _inside(node):
                if child.type == "pair":
                    self._pair(child, path)
