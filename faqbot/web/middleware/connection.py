"""Whether somebody is still there: the model works for nobody who has hung up."""

from __future__ import annotations

import socket
import ssl

from flask import Flask, request

from faqbot.encoder.inference.callers import CALLERS


def register(app: Flask) -> None:
    """Take note of every request's beginning and end."""
    app.before_request(begin)
    app.teardown_request(lambda _: CALLERS.end())


def begin() -> None:
    """Take note of a request and of how to see whether its client has gone."""
    connection = request.environ.get("gunicorn.socket")
    CALLERS.begin(lambda: has_gone(connection))


def has_gone(connection: object) -> bool:
    """Whether the other end of a connection was closed.

    Args:
        connection: A socket; with anything else, and with one under TLS, which cannot be looked into, nobody ever goes.
    """
    if not isinstance(connection, socket.socket) or isinstance(connection, ssl.SSLSocket):
        return False
    try:
        # A look at the next byte, which stays where it is: the client's next request may follow already.
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
