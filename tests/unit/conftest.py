"""What keeps the tests in this folder to plain computation: whatever reaches for more fails with a sentence."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Generator
from types import ModuleType
from typing import Any, NoReturn

import pytest
import urllib3  # noqa: F401 - It tries a socket when it is imported.
from sqlalchemy import Engine

# The module through which every checkpoint becomes an encoder; `open_encoder` imports it when it is called.
MODEL = "faqbot.encoder.inference.m3_encoder"


def _refuse(what: str) -> NoReturn:
    pytest.fail(f"A test in tests/unit reaches {what}; if it has to, it belongs into tests/integration.")


class _NoModel(ModuleType):
    """Stands where the model's module would be."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        _refuse("a model")


def _closed() -> pytest.MonkeyPatch:
    patch = pytest.MonkeyPatch()
    # Threads that tests of other folders have left running in this process go on as they did.
    others = set(threading.enumerate()) - {threading.current_thread()}

    def shut(owner: object, name: str, what: str) -> None:
        original = getattr(owner, name)

        def refuse(*arguments: Any, **options: Any) -> Any:
            return original(*arguments, **options) if threading.current_thread() in others else _refuse(what)

        patch.setattr(owner, name, refuse)

    for name in ("connect", "connect_ex", "bind"):
        shut(socket.socket, name, "a socket")
    shut(socket, "getaddrinfo", "a socket")
    shut(sqlite3, "connect", "a database")
    shut(Engine, "connect", "a database")
    shut(Engine, "raw_connection", "a database")
    # Another program could reach all of these unseen.
    shut(subprocess.Popen, "__init__", "another program")
    patch.setitem(sys.modules, MODEL, _NoModel(MODEL))
    return patch


# Hooks of this file see the tests of this folder only, and their fixtures of every scope with them.
@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None]:
    patch = _closed()
    try:
        yield
    finally:
        patch.undo()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    patch = _closed()
    try:
        yield
    finally:
        patch.undo()


@pytest.fixture(scope="session")
def compact_encoder() -> NoReturn:
    """Hide the model that other tests of the same process may have opened."""
    _refuse("a model")
