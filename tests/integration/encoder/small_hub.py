"""A model hub on this machine: the four requests of the hub's protocol that a download makes."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_COMMIT = "1" * 40


class SmallHub:
    """Serves folders as repositories.

    Attributes:
        url: What `HF_ENDPOINT` takes.
        downloads: Paths of the files that were fetched.
    """

    def __init__(self, repositories: dict[str, Path]) -> None:
        self.downloads: list[str] = []
        self._repositories = repositories
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def content(self, path: str) -> bytes | None:
        """What lies at a path of the protocol; `None` for nothing."""
        for name, folder in self._repositories.items():
            if path in (f"/api/models/{name}", f"/api/models/{name}/revision/main"):
                return json.dumps(_facts(name, folder)).encode()
            if path.startswith(f"/api/models/{name}/tree/"):
                return json.dumps(_tree(folder)).encode()
            if path.startswith(f"/{name}/resolve/{_COMMIT}/"):
                return (folder / path.removeprefix(f"/{name}/resolve/{_COMMIT}/")).read_bytes()
        return None

    @contextmanager
    def running(self) -> Iterator[SmallHub]:
        """Answer requests until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def _handler(hub: SmallHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            path = self.path.partition("?")[0]
            content = hub.content(path)
            self.send_response(404 if content is None else 200)
            if content is None:
                self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", str(len(content or b"")))
            self.send_header("ETag", f'"{hashlib.sha256(content or b"").hexdigest()}"')
            self.send_header("X-Repo-Commit", _COMMIT)
            self.end_headers()
            if content and self.command == "GET":
                self.wfile.write(content)
                if "/resolve/" in path:
                    hub.downloads.append(path.partition(f"/{_COMMIT}/")[2])

        def do_GET(self) -> None:
            self.do_HEAD()

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    return Handler


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _facts(name: str, folder: Path) -> dict[str, object]:
    siblings = [
        {"rfilename": path.relative_to(folder).as_posix(), "size": path.stat().st_size} for path in _files(folder)
    ]
    return {"id": name, "modelId": name, "sha": _COMMIT, "private": False, "tags": [], "siblings": siblings}


def _tree(folder: Path) -> list[dict[str, object]]:
    return [
        {"type": "file", "path": path.relative_to(folder).as_posix(), "size": path.stat().st_size, "oid": "2" * 40}
        for path in _files(folder)
    ]
