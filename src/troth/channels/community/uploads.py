"""Taking one picture: held in memory until it is sealed, never on disk in clear."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from troth.channels.community.pictures import MOST

NAMES = ("logo", "picture")


class UploadDenied(StopUpload):
    """It is not the picture that was asked for."""


class TakeOnePicture(FileUploadHandler):
    """Takes the first file of a field for a picture: of one that is too large, so much that it is
    seen to be, and drains the rest.
    """

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name not in NAMES or hasattr(self, "content"):
            raise UploadDenied(connection_reset=False)
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= MOST:
            self.content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        size = min(file_size, MOST + 1)
        name = self.file_name or "picture"
        return InMemoryUploadedFile(self.content, self.field_name, name, None, size, None)


def takes_picture(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have a view of the staff take one picture; its form is protected as any other is."""
    protected = csrf_protect(view)

    @csrf_exempt  # only until the handler is set: looking for the token reads the file
    @wraps(view)
    def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            request.upload_handlers = [TakeOnePicture(request)]
        return protected(request, *args, **kwargs)

    return run
