"""Pictures as browsers send them, and pages of the staff that take one."""

from __future__ import annotations

import io
from urllib.request import Request
from uuid import uuid4

from PIL import Image

from support.pages import form
from support.reader import Page, Reader

NOTE = "taken at 49.28 N by Zebedee"


def picture() -> bytes:
    """A photograph that says where it was taken."""
    made = Image.new("RGB", (40, 30), (20, 120, 90))
    exif = Image.Exif()
    exif[0x010E] = NOTE
    out = io.BytesIO()
    made.save(out, "JPEG", exif=exif)
    return out.getvalue()


def send(
    reader: Reader, page: Page, having: str, *, file: tuple[str, bytes] | None = None, **said: str
) -> Page:
    """Fill in a form that takes a picture, as a browser does."""
    found, edge = form(page, having), uuid4().hex
    names = found.names()
    given = {key if key in names else key.replace("_", "-"): text for key, text in said.items()}
    values = [(key, text) for key, text in found.fields if key not in given]
    values = [one for one in values if one[0] not in {"logo", "picture"}] + list(given.items())
    body = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'
        for key, text in values
    ).encode()
    if file:
        head = f'Content-Disposition: form-data; name="{file[0]}"; filename="it.jpg"\r\n'
        body += f"--{edge}\r\n{head}Content-Type: image/jpeg\r\n\r\n".encode() + file[1] + b"\r\n"
    body += f"--{edge}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    return reader._open(Request(found.action, body, reader.headers | kind))
