"""No form of this release takes files: an upload is refused before a byte of it is kept."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class UploadDenied(StopUpload):
    """A file was sent to a page that asks for none."""


class RefuseUploads(FileUploadHandler):
    """Stops at the first file part and drains the rest."""

    def new_file(self, *_args: Any, **_kwargs: Any) -> None:
        if self.request is not None:
            self.request.META["troth.upload_refused"] = True
        raise UploadDenied(connection_reset=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never reached: `new_file` stops the upload."""

    def file_complete(self, file_size: int) -> None:
        """Never reached: `new_file` stops the upload."""
