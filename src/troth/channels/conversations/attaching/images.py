"""Images written anew: what was drawn stays, where and when and by whom it was taken goes."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageOps, ImageSequence

from troth.channels.conversations.attaching.kinds import IMAGES
from troth.core.errors import Invalid

_MOST_PIXELS: Final = 20_000_000  # all frames together: what is in memory at once


class ImageInvalid(Invalid):
    """The file says that it is an image and cannot be read as one."""


class ImageTooLargeInvalid(ImageInvalid):
    """It unpacks to more than is taken."""


def without_metadata(content: bytes, mime: str) -> bytes:
    """The same picture in the same format, without EXIF, XMP, IPTC, comments and profiles.

    A camera's turn is applied, since the note of it goes. Raises `ImageInvalid`.
    """
    kind = IMAGES[mime]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow finds odd and reads all the same
            return _written(Image.open(BytesIO(content), formats=[kind]), kind)
    except ImageInvalid:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except Exception as error:  # whatever a broken image makes its decoder stumble over
        raise ImageInvalid(
            "This image cannot be read.", do="Save it anew and try again."
        ) from error


def _written(image: Image.Image, kind: str) -> bytes:
    frames = getattr(image, "n_frames", 1)
    if image.width * image.height * frames > _MOST_PIXELS:
        raise _too_large()
    out = BytesIO()
    if frames > 1:
        shown = [_bare(frame, kind) for frame in ImageSequence.Iterator(image)]
        times = [int(frame.info.get("duration", 100)) for frame in ImageSequence.Iterator(image)]
        first, rest = shown[0], shown[1:]
        first.save(
            out, kind, save_all=True, append_images=rest, duration=times, loop=0, **_how(kind)
        )
    else:
        _bare(image, kind).save(out, kind, **_how(kind))
    return out.getvalue()


def _bare(image: Image.Image, kind: str) -> Image.Image:
    """The pixels alone, the right way up."""
    ImageOps.exif_transpose(image, in_place=True)
    if kind == "JPEG":
        mode = "L" if image.mode == "L" else "RGB"
    else:
        mode = "RGBA" if "A" in image.mode or "transparency" in image.info else "RGB"
    plain = image if image.mode == mode and kind == "JPEG" else image.convert(mode)
    plain.info = {}  # comments, profiles and the like, which some writers take from here
    return plain


def _too_large() -> ImageTooLargeInvalid:
    return ImageTooLargeInvalid("This image is too large.", do="Send a smaller one.")


def _how(kind: str) -> dict[str, Any]:
    if kind in {"JPEG", "WEBP"}:
        return {"quality": 88}
    return {"disposal": 2} if kind == "GIF" else {}
