"""What a file is, by its content; what it is called only ever makes it less welcome."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile

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
_MARKUP: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+)?(html|svg|head|body|script)\b",
    re.IGNORECASE | re.DOTALL,
)
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
    """The media type of the content. `text/csv` alone is told from text by its name."""
    found = filetype.guess(content[:8192])
    mime = found.mime if found else ""
    if mime in {"", "application/zip"} and content[:4] == b"PK\x03\x04":
        return _of_archive(content)
    if mime:
        return str(mime)
    if _is_text(content):
        if marked := _MARKUP.match(content[:1024]):
            return "image/svg+xml" if marked[1].lower() == b"svg" else "text/html"
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
    try:
        return any(member in _RUNS_IN_ARCHIVE for member in ZipFile(BytesIO(content)).namelist())
    except (BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return False


def _of_archive(content: bytes) -> str:
    """Office documents are archives; their first member or its place says which."""
    try:
        names = ZipFile(BytesIO(content)).namelist()
    except (BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
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


def _first_member(content: bytes) -> bytes:
    with ZipFile(BytesIO(content)) as archive, archive.open("mimetype") as member:
        return member.read(100)


def _is_text(content: bytes) -> bool:
    if not content or b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return not _CONTROLS.intersection(content[:8192])
    return True
