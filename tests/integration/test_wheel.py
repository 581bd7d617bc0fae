"""faqbot as others get it: the wheel, installed into an environment of its own, far from any checkout.

The environment starts empty and gets the wheel from pip. What faqbot requires is not installed again, which would take
minutes: the environment looks into the packages that these tests run with, through a path file, and so does not prove
that the wheel's requirements suffice; `make lint` compares those with the imports. Of faqbot it sees the wheel alone.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180


@dataclass(frozen=True)
class Installed:
    """The wheel and where it was installed; `folder` is empty and the commands run in it."""

    wheel: Path
    environment: Path
    folder: Path

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [self.environment / "bin" / command[0], *command[1:]],
            cwd=self.folder,
            env=self.variables(),
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def variables(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FAQBOT_", "PYTHON"))}
        return {
            **kept,
            "FAQBOT_STORAGE__DATABASE_URL": f"sqlite:///{self.folder}/faqbot.db",
            "FAQBOT_ENCODER__MODEL": "compact",
        }


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, ROOT], check=True
    )
    [wheel] = folder.glob("faqbot-*.whl")
    environment = folder / "environment"
    venv.create(environment)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    # Lines of a path file are folders only: no path file inside them is read, so the checkout's own stays out.
    theirs = [path for path in sys.path if path.endswith("site-packages") and Path(path) != ROOT]
    (packages / "requirements.pth").write_text("\n".join(theirs), encoding="utf-8")
    python = environment / "bin" / "python"
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True)
    (folder / "anywhere").mkdir()
    return Installed(wheel, environment, folder / "anywhere")


def test_the_wheel_has_everything_that_is_not_python(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    kinds = ["*.html", "*.js", "*.css", "*.svg", "*.json", "*.npz", "*.safetensors", "*.txt", "*.mo", "py.typed"]
    expected = {path.relative_to(ROOT) for kind in kinds for path in (ROOT / "faqbot").rglob(kind)}
    expected |= {Path("faqbot") / path.relative_to(ROOT) for path in (ROOT / "migrations" / "versions").glob("*.py")}
    expected |= {Path("faqbot") / path.relative_to(ROOT) for path in (ROOT / "knowledge_base").glob("*.*")}
    assert len(expected) > 40
    assert {str(path) for path in expected} - names == set()


def test_the_wheel_tells_its_licence_its_types_and_its_version(installed: Installed) -> None:
    from faqbot import __version__

    [metadata] = [name for name in zipfile.ZipFile(installed.wheel).namelist() if name.endswith(".dist-info/METADATA")]
    text = zipfile.ZipFile(installed.wheel).read(metadata).decode()
    for line in ("License-Expression: MIT", "License-File: LICENSE", "Classifier: Typing :: Typed"):
        assert f"\n{line}\n" in text
    assert installed.run("faqbot", "--version").split()[-1] == __version__


def test_faqbot_comes_from_the_wheel(installed: Installed) -> None:
    place = installed.run("python", "-c", "import faqbot; print(faqbot.__file__)")
    assert Path(place).is_relative_to(installed.environment)


@pytest.fixture(scope="module")
def address(installed: Installed) -> Iterator[str]:
    """A server that the wheel runs, over a new database, when it is ready to answer."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with (installed.folder / "server.log").open("w+") as log:
        process = subprocess.Popen(
            [installed.environment / "bin" / "faqbot", "serve", "--port", str(port)],
            cwd=installed.folder,
            env=installed.variables(),
            stdout=log,
            stderr=log,
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _is_ready(url):
                assert process.poll() is None, (installed.folder / "server.log").read_text()
                assert time.monotonic() < deadline, (installed.folder / "server.log").read_text()
                time.sleep(0.2)
            yield url
        finally:
            process.terminate()
            process.wait(30)


def test_it_serves_the_starter_the_pages_and_the_widget(address: str) -> None:
    reply = json.loads(_fetched(f"{address}/api/v1/ask", {"question": "如何取消订单？"}))
    assert (reply["verdict"], reply["entry_id"]) == ("answer", "order-cancel")
    assert b"<html" in _fetched(f"{address}/")
    assert b"faqbot" in _fetched(f"{address}/static/widget.js")


def test_its_commands_ask_what_its_server_published(address: str, installed: Installed) -> None:
    reply = json.loads(installed.run("faqbot", "ask", "How do I cancel an order?", "--json"))
    assert reply["verdict"] == "answer"
    assert address


def _is_ready(url: str) -> bool:
    try:
        return bool(_fetched(f"{url}/readyz"))
    except (URLError, OSError):
        return False


def _fetched(url: str, body: dict[str, Any] | None = None) -> bytes:
    data = json.dumps(body).encode() if body is not None else None
    with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=30) as reply:  # noqa: S310
        content: bytes = reply.read()
    return content
