"""A tiny server for the front-end tests: the gallery's pages, the real static files, one script of
answers for POSTs.  It stands in for the product so that lost answers can be staged exactly."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from tests.web_js.render_gallery import render

ROOT = Path(__file__).resolve().parents[1]
# As strict as the product's (app/kit/security.py); the worker of the decoder brings its own.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
FILE_POLICY = POLICY.replace(" 'wasm-unsafe-eval'", "")
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".html": "text/html; charset=utf-8",
}


@dataclass
class Post:
    """One POST as it arrived; seconds on the monotonic clock."""

    path: str
    fields: dict[str, str]
    headers: dict[str, str]
    began: float
    ended: float = 0.0


@dataclass
class Answer:
    """What the server says; status 0 closes the connection without a word."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    after: float = 0.0
    type: str = "text/html; charset=utf-8"


def step(words: str) -> str:
    """An answer that changes the #step region, as a handler's template writes it."""
    inner = f'<section class="step" id="step"><p class="step__prompt">{words}</p></section>'
    return f'<hx-partial hx-target="#step" hx-swap="outerHTML">{inner}</hx-partial>'


def counted(post: Post, count: int) -> Answer:
    """The usual answer: the region says how many were booked."""
    feedback = json.dumps({"saoku:feedback": {"tone": "accepted"}})
    return Answer(200, step(f"booked {count}"), {"HX-Trigger": feedback}, after=0.02)


class Stage:
    """What the tests see and direct: `posts` so far, `answer(post, count)` for the next ones."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.answer: Callable[[Post, int], Answer] = counted
        self.signed_in = True
        self.token = "gallery-token"
        self.worker_may = True
        self.lock = threading.Lock()
        self.address = ""

    def commands(self) -> list[Post]:
        """Each once: sent again because the answer was late, it is still the same command."""
        found = {post.fields.get("command_id", id(post)): post for post in reversed(self.posts)}
        return list(reversed(found.values()))

    def scans(self) -> list[str]:
        """The codes of the commands, in order."""
        return [post.fields["code"] for post in self.commands() if "code" in post.fields]


class Handler(BaseHTTPRequestHandler):
    stage: Stage

    def log_request(self, *_: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/static/build/") or path == "/sw.js":
            file = ROOT / "web" / "static" / path.removeprefix("/static/build/").lstrip("/")
            policy = POLICY if self.stage.worker_may else FILE_POLICY
            self.reply(Answer(type=TYPES[file.suffix]), file.read_bytes(), policy)
        elif path.endswith(".html"):
            view, language = path.strip("/").removesuffix(".html").split("-")
            page = render(view, language, lambda name: f"/static/build/{name}")
            self.reply(Answer(), page.replace("gallery-token", self.stage.token).encode())
        else:
            self.reply(Answer(404), b"")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        is_form = "urlencoded" in self.headers["Content-Type"]
        fields = dict(parse_qsl(raw.decode(), keep_blank_values=True)) if is_form else {}
        post = Post(self.path, fields, dict(self.headers), time.monotonic())
        with self.stage.lock:
            self.stage.posts.append(post)
            count = len(self.stage.posts)
        answer = self.stage.answer(post, count)
        time.sleep(answer.after)
        post.ended = time.monotonic()
        if answer.status:
            self.reply(answer, answer.body.encode())
        else:
            self.close_connection = True

    def reply(self, answer: Answer, body: bytes, policy: str = POLICY) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A page that went away in the middle of an answer is no news."""


@contextmanager
def serving() -> Iterator[Stage]:
    """A running server; `stage.address` is its http address."""
    stage = Stage()
    handler = type("StagedHandler", (Handler,), {"stage": stage})
    server = Server(("127.0.0.1", 0), handler)
    stage.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stage
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
