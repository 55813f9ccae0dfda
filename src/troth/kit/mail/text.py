"""Markdown as plain text that is pleasant to read: what the text part of a mail shows."""

from __future__ import annotations

import textwrap

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

WIDTH = 72


def as_text(source: str) -> str:
    """Paragraphs of at most 72 characters a line; an address to open is never broken."""
    tokens = MarkdownIt("commonmark", {"html": False}).parse(source)
    return "\n\n".join(_block(node, "") for node in SyntaxTreeNode(tokens).children)


def inline(source: str) -> str:
    """One line of Markdown without its marks."""
    tokens = MarkdownIt("commonmark", {"html": False}).parseInline(source)
    return "".join(_inline(node) for node in SyntaxTreeNode(tokens).children)


def _block(node: SyntaxTreeNode, indent: str) -> str:
    match node.type:
        case "heading":
            title = "".join(map(_inline, node.children))
            return f"{title}\n{('=' if node.tag == 'h1' else '-') * min(len(title), WIDTH)}"
        case "bullet_list" | "ordered_list":
            return _list(node, indent)
        case "blockquote":
            inner = "\n\n".join(_block(child, "") for child in node.children)
            return textwrap.indent(inner, "> ", lambda line: True)
        case "fence" | "code_block":
            return textwrap.indent(node.content.rstrip("\n"), "    ")
        case "hr":
            return "-" * 8
        case "paragraph" | "inline":
            return wrap("".join(map(_inline, node.children)), indent)
        case _:
            return "\n\n".join(_block(child, indent) for child in node.children)


def _list(node: SyntaxTreeNode, indent: str) -> str:
    start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
    lines = []
    for at, item in enumerate(node.children):
        mark = f"{start + at}. " if node.type == "ordered_list" else "- "
        deeper = indent + " " * len(mark)
        body = "\n".join(_block(child, deeper) for child in item.children)
        lines.append(indent + mark + body.removeprefix(deeper))
    return "\n".join(lines)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "text" | "code_inline" | "text_special" | "html_inline":
            return node.content
        case "image":
            return node.content
        case "link":
            words = "".join(map(_inline, node.children))
            href = str(node.attrs.get("href", ""))
            address = href.removeprefix("mailto:")
            return words if words in {href, address} else f"{words} <{address}>"
        case _:
            return "".join(map(_inline, node.children))


def wrap(text: str, indent: str) -> str:
    return "\n".join(
        textwrap.fill(
            line,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )
