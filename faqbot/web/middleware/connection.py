"""Whether somebody is still there: the model works for nobody who has hung up."""

from __future__ import annotations

import socket
import ssl

from flask import Flask, g, request

from faqbot.encoder import Caller


def register(app: Flask) -> None:
    """Say at the end of every request for which something was encoded that its reply is done."""
    app.teardown_request(_end)


def caller() -> Caller:
    """Who waits for the reply to the request in hand; the same one each time."""
    if "caller" not in g:
        connection = request.environ.get("gunicorn.socket")
        g.caller = Caller(lambda: has_gone(connection))
    found: Caller = g.caller
    return found


def _end(_error: BaseException | None) -> None:
    if "caller" in g:
        g.caller.end_reply()


def has_gone(connection: object) -> bool:
    """Whether the other end of a connection was closed.

    Args:
        connection: A socket, or what stands in for one; with anything else, and with one under TLS, which cannot be
            looked into, nobody ever goes.
    """
    look = getattr(connection, "recv", None)
    if look is None or isinstance(connection, ssl.SSLSocket):
        return False
    try:
        # A look at the next byte, which stays where it is: the client's next request may follow already.
        return bool(look(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"")
    except BlockingIOError:
        return False
    except OSError:
        return True
