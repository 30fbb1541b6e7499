"""The files of ``web/static``, held in memory, served under a path that names their build.

A query string such as ``?v=`` is lost on a module's own imports; a build in the path is not, and it
lets browsers keep each file for ever.  Texts are compressed once, at the first request.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from litestar.types import Receive, Scope, Send

ROOT = Path(__file__).resolve().parents[2] / "web" / "static"
PREFIX = "/static/"
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}
_TEXTS = ("text/", "application/json", "application/manifest", "image/svg", "application/wasm")
_FOR_EVER = b"public, max-age=31536000, immutable"
_SHELL = (".js", ".css", ".svg", ".png", ".webmanifest", ".wasm")
# A comment that has its lines to itself.  Ours explain a lot: they are a sixth of a first load.
_COMMENT = re.compile(rb"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*$|//[^\n]*$)", re.DOTALL | re.MULTILINE)
_LATER = ("js/camera/", "js/vendor/barcode-detector/")
# Charts are for who sits at a desk with a network: no handheld keeps them.
_NEVER = ("js/live/chart.js", "js/vendor/echarts/")


@dataclass
class StaticFile:
    """One file with what its answer needs."""

    body: bytes
    media_type: str
    modified_ns: int
    packed: bytes | None = field(default=None)

    def compressed(self) -> bytes | None:
        """Its gzip form where that is worth it."""
        if self.packed is None and self.media_type.startswith(_TEXTS):
            self.packed = gzip.compress(self.body, 9, mtime=0)
        return self.packed


class StaticFiles:
    """All files below a folder, by their relative path; a changed file is read again."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.files = {
            path.relative_to(root).as_posix(): _read(path)
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }
        self.build = _digest(self.files)

    def find(self, name: str) -> StaticFile | None:
        known = self.files.get(name)
        if known is None:
            return None
        path = self.root / name
        if path.stat().st_mtime_ns != known.modified_ns:
            known = self.files[name] = _read(path)
        return known

    def url(self, name: str) -> str:
        """The address of a file: ``js/main.js`` -> ``/static/<build>/js/main.js``."""
        return f"{PREFIX}{self.build}/{name}"


@cache
def static_files() -> StaticFiles:
    """Those of this installation, read once per process."""
    return StaticFiles()


async def serve_static(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI application below ``/static``: ``/<build>/<path>``."""
    del receive
    _build, _, name = scope["path"].removeprefix(PREFIX).strip("/").partition("/")
    await answer_file(name, scope, send, cache_control=_FOR_EVER)


async def serve_service_worker(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI application at ``/sw.js``: at the root, because it may serve only what lies below it."""
    del receive
    await _answer(service_worker(), scope, send, cache_control=b"no-cache")


@cache
def service_worker() -> StaticFile:
    """``sw.js`` behind the list of what it keeps: a change of any file changes the worker."""
    files = static_files()
    script = files.files["sw.js"]
    shell = json.dumps(shell_of(files), separators=(",", ":"))
    return StaticFile(f"self.SHELL={shell};\n".encode() + script.body, script.media_type, 0)


def shell_of(files: StaticFiles) -> dict[str, object]:
    """What the worker keeps, as [path, digest of the content]; ``later`` is for the camera only."""
    kept = [
        [name, hashlib.sha256(found.body).hexdigest()[:12]]
        for name, found in files.files.items()
        if name.endswith(_SHELL) and name != "sw.js" and not name.startswith(_NEVER)
    ]
    return {
        "base": files.url(""),
        "files": [entry for entry in kept if not entry[0].startswith(_LATER)],
        "later": [entry for entry in kept if entry[0].startswith(_LATER)],
    }


async def answer_file(name: str, scope: Scope, send: Send, *, cache_control: bytes) -> None:
    """Send one file, compressed where the client takes that; 404 where there is none."""
    found = static_files().find(name)
    if found is None:
        await _send(send, 404, [(b"content-type", b"text/plain")], b"not found")
        return
    await _answer(found, scope, send, cache_control=cache_control)


async def _answer(found: StaticFile, scope: Scope, send: Send, *, cache_control: bytes) -> None:
    headers = [(b"content-type", found.media_type.encode()), (b"cache-control", cache_control)]
    packed = found.compressed() if _takes_gzip(scope) else None
    if packed is not None:
        headers += [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
    await _send(send, 200, headers, found.body if packed is None else packed)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _read(path: Path) -> StaticFile:
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    media_type = media_type or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    body = path.read_bytes()
    if path.suffix in {".js", ".css"} and "vendor" not in path.parts:
        body = without_comments(body)
    return StaticFile(body, media_type, path.stat().st_mtime_ns)


def without_comments(source: bytes) -> bytes:
    """The script or style sheet with blank lines for its comments, so that line numbers stay.

    No text of ours that goes over several lines (a template literal) may hold a line like a
    comment; tests/kit/test_static_files.py sees to it.
    """
    return _COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), source)


def _digest(files: dict[str, StaticFile]) -> str:
    digest = hashlib.sha256()
    for name, found in files.items():
        digest.update(name.encode() + b"\0" + found.body)
    return digest.hexdigest()[:12]
