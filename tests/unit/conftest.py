"""What keeps the tests in this folder to plain computation: whatever reaches for more fails with a sentence."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from types import ModuleType
from typing import NoReturn

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
    for name in ("connect", "connect_ex", "bind"):
        patch.setattr(socket.socket, name, lambda *_args: _refuse("a socket"))
    patch.setattr(socket, "getaddrinfo", lambda *_args, **_options: _refuse("a socket"))
    patch.setattr(sqlite3, "connect", lambda *_args, **_options: _refuse("a database"))
    patch.setattr(Engine, "connect", lambda *_args, **_options: _refuse("a database"))
    patch.setattr(Engine, "raw_connection", lambda *_args, **_options: _refuse("a database"))
    # Another program could reach all of these unseen.
    patch.setattr(subprocess.Popen, "__init__", lambda *_args, **_options: _refuse("another program"))
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
