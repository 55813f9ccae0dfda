"""What a file is, by its content; what it is called only ever makes it less welcome."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZIP_STORED, ZipFile

import filetype  # type: ignore[import-untyped]

OCTETS: Final = "application/octet-stream"
IMAGES: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/apng": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}
"""Images that can be written anew without their metadata, and Pillow's names for them."""
TAKEN: Final = frozenset(IMAGES) | {
    *("application/pdf", "application/rtf", "application/msword", "application/vnd.ms-excel"),
    *("application/vnd.ms-powerpoint", "application/zip", "text/plain", "text/csv"),
    *("audio/mpeg", "audio/mp4", "audio/ogg", "audio/x-wav", "video/mp4", "video/webm"),
    *(
        f"application/vnd.openxmlformats-officedocument.{kind}"
        for kind in (
            *("wordprocessingml.document", "spreadsheetml.sheet"),
            "presentationml.presentation",
        )
    ),
    *(f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet")),
    "application/vnd.oasis.opendocument.presentation",
}
"""What visitors may send. Mail brings what it brings, but for what runs."""
_RUNS: Final = frozenset(
    {
        *("application/x-msdownload", "application/x-executable", "application/wasm"),
        *("application/x-shockwave-flash", "application/x-google-chrome-extension"),
        *("application/x-deb", "application/x-rpm", "application/vnd.ms-cab-compressed"),
    }
)
_RUNS_BY_NAME: Final = frozenset(
    (
        "ade adp apk app appx bat chm cmd com cpl dll dmg exe hta inf ins iso isp jar js jse lnk "
        "mde msc msi msix msp mst pif ps1 ps1xml psc1 reg scf scr sct sh sys url vb vbe vbs vhd "
        "vhdx vxd wsc wsf wsh xll"
    ).split()
)
_STARTS: Final = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"L\0\0\0\x01\x14\x02\0",
)
_RUNS_IN_ARCHIVE: Final = ("META-INF/MANIFEST.MF", "AndroidManifest.xml")
_MARKUP: Final = re.compile(rb"<(?:!doctype\s{1,9})?(html|svg|head|body|script)\b", re.IGNORECASE)
_BEFORE_MARKUP: Final = ((b"<!--", b"-->"), (b"<?", b"?>"), (b"<!doctype svg", b">"))
_MARKUP_NAMES: Final = (".html", ".htm", ".xhtml", ".shtml", ".svg", ".mht", ".mhtml", ".xml")
_HEAD: Final = 64 * 1024
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")
_LONGEST_NAME: Final = 120


def clean_name(name: str) -> str:
    """The last part of a name, without what could deceive or break: controls and directions."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = re.sub(r"""[<>:"|?*\s]+""", " ", name)
    shown = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    if len(shown) > _LONGEST_NAME:
        end = PurePosixPath(shown).suffix[:10]
        shown = shown[: _LONGEST_NAME - len(end)].rstrip() + end
    return shown or "file"


def sniff(content: bytes, name: str) -> str:
    """The media type of the content; of text, the name says whether it is CSV or markup."""
    found = filetype.guess(content[:8192])
    mime = found.mime if found else ""
    if mime in {"", "application/zip"} and content[:4] == b"PK\x03\x04":
        return _of_archive(content)
    if mime:
        return str(mime)
    if _is_text(content):
        if markup := _markup(content):
            return markup
        if name.lower().endswith(_MARKUP_NAMES):
            return "text/html"
        return "text/csv" if name.lower().endswith((".csv", ".tsv")) else "text/plain"
    return OCTETS


def runs(content: bytes, mime: str, name: str) -> bool:
    """Whether it is a program, by its first bytes, its members or the end of its name."""
    if mime in _RUNS or content.startswith(_STARTS):
        return True
    if name.lower().rpartition(".")[2] in _RUNS_BY_NAME and "." in name:
        return True
    if mime != "application/zip":
        return False
    return any(member in _RUNS_IN_ARCHIVE for member in _names(content))


def _of_archive(content: bytes) -> str:
    """Office documents are archives; their first member or its place says which."""
    names = _names(content)
    if not names:
        return OCTETS
    for start, kind in (
        ("word/", "wordprocessingml.document"),
        ("xl/", "spreadsheetml.sheet"),
        ("ppt/", "presentationml.presentation"),
    ):
        if "[Content_Types].xml" in names and any(name.startswith(start) for name in names):
            return f"application/vnd.openxmlformats-officedocument.{kind}"
    if names[:1] == ["mimetype"]:
        told = re.match(rb"application/[a-z0-9.+-]{1,80}", _first_member(content))
        return told[0].decode() if told else "application/zip"
    return "application/zip"


def _names(content: bytes) -> list[str]:
    """The members of an archive; none where it cannot be read as one."""
    try:
        return ZipFile(BytesIO(content)).namelist()
    except Exception:  # noqa: BLE001 - whatever a broken archive makes its reader stumble over
        return []


def _first_member(content: bytes) -> bytes:
    """What an OpenDocument says of itself; it is stored as it is, or else not looked at."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            if archive.getinfo("mimetype").compress_type != ZIP_STORED:
                return b""
            with archive.open("mimetype") as member:
                return member.read(100)
    except Exception:  # noqa: BLE001 - as above
        return b""


def _markup(content: bytes) -> str:
    """The media type of text that a browser would take for a page or a drawing, or "".

    Comments and declarations before it are stepped over one by one, never by a pattern that could
    try them in many ways; what begins with one that does not end is not given the benefit of doubt.
    """
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    at = 0
    while True:
        at += len(head[at:]) - len(head[at:].lstrip())
        for begin, end in _BEFORE_MARKUP:
            if head[at : at + len(begin)].lower() == begin:
                past = head.find(end, at + len(begin))
                if past < 0:
                    return "text/html"
                at = past + len(end)
                break
        else:
            break
    found = _MARKUP.match(head, at)
    if found is None:
        return ""
    return "image/svg+xml" if found[1].lower() == b"svg" else "text/html"


def _is_text(content: bytes) -> bool:
    if not content or b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return not _CONTROLS.intersection(content[:8192])
    return True
