"""A server writes to its data, its models and the temporary folder, and nowhere else."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

# Python tells of every file that it opens, makes, moves or removes, in the workers too. SQLite and the tokenizer write
# past it; the one to a named file, the other not at all.
WATCHED = """
import os, sys
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
CHANGES = {"mkdir": 1, "rename": 2, "remove": 1, "rmdir": 1, "link": 2, "symlink": 2, "truncate": 1}
def watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        written = [path] if flags & WRITING or set(mode or "") & set("wax+") else []
    else:
        written = arguments[:CHANGES.get(event.removeprefix("os."), 0)]
    for path in written:
        if isinstance(path, (str, bytes)):
            os.write(int(os.environ["TOLD"]), os.path.abspath(os.fsencode(path)) + b"\\n")
sys.addaudithook(watch)
from faqbot.__main__ import main
main()
"""


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as reply:
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False


def test_a_server_writes_nowhere_but_to_its_data_and_the_temporary_folder(tmp_path: Path) -> None:
    data, temporary, told = tmp_path / "data", tmp_path / "tmp", tmp_path / "told"
    data.mkdir()
    temporary.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    models = Path(os.environ.get("FAQBOT_ENCODER__CACHE_DIR") or Path.home() / ".cache" / "faqbot")
    with told.open("wb") as writer:
        environment = {
            **os.environ,
            "HOME": "/nonexistent",
            "TMPDIR": str(temporary),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TOLD": str(writer.fileno()),
            "FAQBOT_ENCODER__MODEL": "compact",
            "FAQBOT_ENCODER__CACHE_DIR": str(models),
            "FAQBOT_STORAGE__DATABASE_URL": f"sqlite:///{data}/faqbot.db",
        }
        command = [sys.executable, "-c", WATCHED, "serve", "--host", "127.0.0.1", "--port", str(port)]
        server = subprocess.Popen(command, env=environment, pass_fds=[writer.fileno()], stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 240
            while not _answers(port):
                assert server.poll() is None
                assert time.monotonic() < until
                time.sleep(0.5)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
    written = {Path(line) for line in told.read_text(encoding="utf-8").splitlines()}
    allowed = (data, temporary, models, Path("/dev"), Path("/proc"))
    # What counts the branches that tests take writes beside them.
    written = {path for path in written if not path.name.startswith(".coverage")}
    assert any(path.is_relative_to(data) for path in written), "the watch sees nothing"
    assert sorted(path for path in written if not any(path.is_relative_to(place) for place in allowed)) == []
