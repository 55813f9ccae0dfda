"""What files are, what is left of them, and which never come in."""

from __future__ import annotations

import io
import tempfile
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from conversations.widget.clamd import MOST, clamd
from troth.channels.conversations.attaching.api import prepare
from troth.channels.conversations.attaching.kinds import clean_name
from troth.channels.conversations.attaching.scanning import EICAR

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def no_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TROTH_SCANNER", raising=False)


def picture(kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (40, 20), "teal")
    image.paste("orange", (0, 0, 10, 10))
    image.save(out, kind, **more)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010F] = "ACME Cameras"
    made[0x0112] = 6  # to be turned by 90 degrees
    made.get_ifd(0x8825)[1] = "N"
    made.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return made


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("called.png", PDF, "application/pdf"),
        ("notes.txt", "Grüße".encode(), "text/plain"),
        ("notes.txt", "Grüße".encode("latin-1"), "text/plain"),
        ("rows.csv", b"a,b\n1,2\n", "text/csv"),
        ("p.jpg", picture("JPEG"), "image/jpeg"),
        ("p.gif", picture("GIF"), "image/gif"),
        ("some.zip", archive(a=b"b"), "application/zip"),
    ],
)
def test_the_content_says_what_it_is(name: str, content: bytes, kind: str) -> None:
    found = prepare(name, content)
    assert (found.content_type, found.state, found.reason) == (kind, "clean", "")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("holiday.jpg", b"MZ\x90\0" + b"\0" * 100, "type"),
        ("tool.pdf", b"\x7fELF" + b"\0" * 100, "type"),
        ("run.txt", b"#!/bin/sh\nrm -rf /\n", "type"),
        ("invoice.pdf.js", b"alert(1)", "type"),
        ("x.zip", archive(META_INF__M=b"", **{"META-INF__MANIFEST.MF": b""}), "type"),
        ("page.html", b"<!doctype html><script>1</script>", "type"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        ("c.txt", b"<!-- -->" * 3 + b"<!DOCTYPE html><p>", "type"),
        ("d.txt", b"<?xml version='1.0'?><!-- a --> <svg/>", "type"),
        ("e.svg", b"<!DOCTYPE svg [<!ENTITY a '>'>]><svg/>", "type"),
        ("odd.bin", b"\0\1\2\3" * 20, "type"),
        ("empty.txt", b"", "empty"),
        ("cut.png", picture("PNG")[:60], "broken"),
        ("big.txt", b"a" * 2001, "size"),
    ],
)
def test_what_is_not_taken(name: str, content: bytes, why: str) -> None:
    found = prepare(name, content, most=2000)
    assert (found.state, found.reason, found.content) == ("refused", why, b"")


def test_mail_brings_what_it_brings_but_no_program() -> None:
    assert prepare("odd.bin", b"\0\1\2\3" * 20, from_mail=True).state == "clean"
    assert prepare("cut.png", picture("PNG")[:60], from_mail=True).content_type.endswith("stream")
    assert prepare("x.pdf", b"MZ\x90\0", from_mail=True).reason == "type"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("JPEG", {"exif": exif(), "comment": b"taken at home"}),
        ("PNG", {"exif": exif()}),
        ("WEBP", {"exif": exif(), "xmp": b"<x:xmpmeta>taken at home</x:xmpmeta>"}),
    ],
)
def test_an_image_keeps_what_was_drawn_and_loses_the_rest(kind: str, more: Any) -> None:
    before = picture(kind, **more)
    assert b"ACME" in before
    after = prepare("p", before).content
    for told in (b"ACME", b"taken at home", b"Exif", b"xmp", b"GPS"):
        assert told not in after
    image = Image.open(io.BytesIO(after))
    assert not image.getexif()
    assert image.size == (20, 40)  # turned as the camera was
    corner: Any = image.convert("RGB").getpixel((15, 5))
    assert corner[0] > 200 > corner[2]  # orange is where it was seen


def test_what_moves_still_moves() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], comment=b"taken at home")
    after = prepare("a.gif", out.getvalue())
    assert b"taken" not in after.content
    assert Image.open(io.BytesIO(after.content)).n_frames == 3


def test_a_picture_that_unpacks_to_too_much() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert prepare("bomb.png", out.getvalue()).reason == "size"
    assert prepare("bomb.png", out.getvalue(), from_mail=True).content_type.endswith("stream")


@pytest.mark.parametrize(
    "many", [b"<!---->" * 20_000, b"<?>" * 30_000, b"<!--" * 60_000, b" " * 200_000]
)
def test_looking_for_markup_takes_no_time_worth_naming(many: bytes) -> None:
    began = time.process_time()
    prepare("a.txt", many + b"x")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(packing: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as made:
        made.writestr("mimetype", b"\0" * 50_000_000)
    tracemalloc.start()
    assert prepare("a.zip", out.getvalue()).state == "clean"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_broken_anywhere_is_told_so_and_nothing_else_breaks(kind: str) -> None:
    whole = picture(kind)
    for at in range(len(whole)):
        for broken in (whole[:at], whole[:at] + b"\xff" + whole[at + 1 :]):
            assert prepare("p", broken).state in {"clean", "refused"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\mary\\a.pdf", "a.pdf"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("a\r\nSet-Cookie: x", "a Set-Cookie x"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_deceive_nobody(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@pytest.mark.parametrize(
    "content", [EICAR, b"hello\n" + EICAR, archive(inside__it=EICAR)], ids=["it", "in", "zip"]
)
def test_the_test_file_is_known_without_a_scanner(content: bytes) -> None:
    for from_mail in (False, True):
        found = prepare("eicar.txt", content, from_mail=from_mail)
        assert (found.state, found.reason, found.content) == ("refused", "virus", b"")


def test_clamd_is_asked_over_tcp(monkeypatch: pytest.MonkeyPatch) -> None:
    with clamd(also=b"evil") as address:
        monkeypatch.setenv("TROTH_SCANNER", address)
        assert prepare("a.txt", b"good").state == "clean"
        assert prepare("a.txt", b"very evil").reason == "virus"
        assert prepare("long.txt", b"a" * 200_000 + b"evil").reason == "virus"
        assert prepare("a.txt", EICAR).reason == "virus"
        # Too long for the daemon: it says so, and nobody takes that for a yes.
        assert prepare("a.txt", b"a" * (MOST + 1)).state == "waiting"


def test_clamd_is_asked_over_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        with clamd(Path(folder) / "clamd.ctl", also=b"evil") as address:
            monkeypatch.setenv("TROTH_SCANNER", address)
            assert prepare("a.txt", b"very evil").reason == "virus"
            assert prepare("a.txt", b"good").state == "clean"
        assert prepare("a.txt", b"good").state == "waiting"  # it is gone now
