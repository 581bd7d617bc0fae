"""A real gunicorn with our worker and a small application. Arguments: a port, and settings of `web` as JSON."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

from faqbot.process import log_in_lines
from faqbot.serving import Server
from faqbot.settings import Settings, WebSettings

LARGE = 20_000_000


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Say what was sent, or what the path asks for."""
    path, body = environ["PATH_INFO"], environ["wsgi.input"].read()
    if path == "/large":
        start_response("200 OK", [("Content-Length", str(LARGE))])
        return [bytes(LARGE)]
    if path == "/stream":
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return _streamed()
    if path == "/wait":
        time.sleep(2)
    said = hashlib.sha256(body).hexdigest().encode() if len(body) > 1000 else path.encode() + b" " + body
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]


def _streamed() -> Iterator[bytes]:
    yield b"one"
    time.sleep(1)
    yield b"two"


if __name__ == "__main__":
    log_in_lines()
    web = WebSettings(port=int(sys.argv[1]), **json.loads(sys.argv[2]))
    Server(Settings(web=web), lambda: application).run()  # type: ignore[arg-type, return-value]
