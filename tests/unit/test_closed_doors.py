"""The guard of this folder (`conftest.py`) lets no test out."""

from __future__ import annotations

import queue
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy

from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings, StorageSettings
from faqbot.storage import open_storage


def _listen() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))


def _connect() -> None:
    with socket.socket() as calling:
        calling.connect(("127.0.0.1", 9))


WAYS_OUT: dict[str, tuple[str, Callable[[], object]]] = {
    "model": ("a model", lambda: open_encoder(EncoderSettings(model="compact", device="cpu"))),
    "listening": ("a socket", _listen),
    "calling": ("a socket", _connect),
    "page": ("a socket", lambda: urllib.request.urlopen("http://localhost:9")),
    "sqlite": ("a database", lambda: sqlite3.connect(":memory:")),
    "sqlalchemy": ("a database", lambda: sqlalchemy.create_engine("postgresql://localhost").connect()),
    "storage": ("a database", lambda: open_storage(StorageSettings(database_url="sqlite:///x.db"), migrate=True)),
    "program": ("another program", lambda: subprocess.run([sys.executable, "--version"], check=True)),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_test_of_this_folder_gets_out(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    what, go = WAYS_OUT[way]
    with pytest.raises(pytest.fail.Exception, match=f"A test in tests/unit reaches {what}; "):
        go()


@pytest.fixture
def at_work() -> Iterator[Callable[[], str]]:
    """A thread of before the test, that answers what it finds when it opens a database."""
    asked, answers = queue.SimpleQueue[bool](), queue.SimpleQueue[str]()

    def work() -> None:
        while asked.get():
            answers.put(str(sqlite3.connect(":memory:").execute("SELECT 'open'").fetchone()[0]))

    thread = threading.Thread(target=work)
    thread.start()

    def ask() -> str:
        asked.put(True)
        return answers.get(timeout=10)

    yield ask
    asked.put(False)
    thread.join()


def test_a_thread_that_was_there_before_the_test_goes_on(at_work: Callable[[], str]) -> None:
    assert at_work() == "open"


def test_a_model_that_another_test_has_opened_is_not_handed_out(request: pytest.FixtureRequest) -> None:
    with pytest.raises(pytest.fail.Exception, match="reaches a model"):
        request.getfixturevalue("compact_encoder")
