"""Files that come in by a form, and files that are handed out."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from app.kit.web import AnyRequest
from app.spreadsheets.problems import FileEmpty, FileTooLarge, NoFile

UPLOAD_BYTES = 64 << 20
"""What the server takes at all; SAOKU_IMPORT_MAX_BYTES may allow less."""
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FileForm = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


def uploaded(request: AnyRequest, data: dict[str, Any]) -> tuple[str, bytes]:
    """The name and content of the file field.

    Raises:
        NoFile: none was chosen.
        FileEmpty: there is nothing in it.
        FileTooLarge: more than SAOKU_IMPORT_MAX_BYTES.
    """
    upload = data.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise NoFile
    content = upload.file.read()
    most: int = request.app.state.import_max_bytes
    if len(content) > most:
        raise FileTooLarge(most=most >> 20)
    if not content:
        raise FileEmpty
    return upload.filename, content


def file_answer(content: bytes, name: str, media_type: str) -> Response[bytes]:
    """The file, to be saved under this name."""
    disposition = f"attachment; filename*=utf-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
