"""A client that hangs up costs no forward pass: a real gunicorn worker, real sockets, the real model."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.sock import create_sockets

from faqbot.connections.worker import ConnectionWorker
from faqbot.encoder import Encoder
from faqbot.encoder.inference.m3_encoder import M3Encoder
from faqbot.encoder.inference.micro_batcher import MicroBatcher
from faqbot.serving import Server
from faqbot.settings import Settings, WebSettings
from tests.integration.web.shop import Shop


class _Worker(ConnectionWorker):
    """As in the server, in a thread of the test, where signals cannot be handled."""

    web = WebSettings()

    def init_signals(self) -> None:
        pass


@pytest.fixture(scope="module")
def address(shop: Shop) -> Iterator[tuple[str, int]]:
    """Where a gunicorn worker serves the shop."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free: tuple[str, int] = probe.getsockname()
    server = Server(Settings(), lambda: shop.app)
    config: Config = server.cfg
    config.set("bind", f"{free[0]}:{free[1]}")
    log = Logger(config)
    (listener,) = create_sockets(config, log)
    worker = _Worker(0, os.getppid(), [listener], server, 30, config, log)
    thread = threading.Thread(target=worker.init_process)
    thread.start()
    yield free
    worker.handle_exit(None, None)
    thread.join()
    worker.tmp.close()
    for descriptor in worker.PIPE:
        os.close(descriptor)


@pytest.fixture
def batcher(compact_encoder: Encoder) -> MicroBatcher[object]:
    assert isinstance(compact_encoder, M3Encoder)
    return compact_encoder._passes  # type: ignore[return-value]


@contextmanager
def _held(batcher: MicroBatcher[object]) -> Iterator[None]:
    """Keep the model's thread busy."""
    let_go = threading.Event()
    batcher._model.submit(let_go.wait)
    try:
        yield
    finally:
        let_go.set()


def _request(question: str, connection: str = "keep-alive") -> bytes:
    body = json.dumps({"question": question}).encode()
    head = f"POST /api/v1/ask HTTP/1.1\r\nHost: shop\r\nConnection: {connection}\r\nContent-Type: application/json"
    return f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _until_waiting(batcher: MicroBatcher[object]) -> None:
    while not batcher._questions:
        time.sleep(0.001)


def _ended(shop: Shop) -> dict[str, int]:
    """How many questions ended with which status."""
    registry = shop.app.extensions["faqbot_metrics"].registry
    labels = {"method": "POST", "route": "/api/v1/ask"}
    counts = {
        status: registry.get_sample_value("faqbot_requests_total", {**labels, "status": status})
        for status in ("200", "499")
    }
    return {status: int(count) for status, count in counts.items() if count}


def test_a_question_whose_client_has_hung_up_is_not_encoded(
    shop: Shop, address: tuple[str, int], batcher: MicroBatcher[object]
) -> None:
    passes = batcher._passes
    with _held(batcher), socket.create_connection(address) as client:
        client.sendall(_request("我不等这个问题的答复了"))
        _until_waiting(batcher)
    while not _ended(shop):
        time.sleep(0.001)
    assert (_ended(shop), batcher._passes) == ({"499": 1}, passes)


def test_a_client_who_sends_the_next_question_already_has_not_gone(
    address: tuple[str, int], batcher: MicroBatcher[object]
) -> None:
    with socket.create_connection(address) as client:
        with _held(batcher):
            client.sendall(_request("连着问的第一个问题") + _request("怎么开发票？", "close"))
            _until_waiting(batcher)
        replies = b""
        while part := client.recv(65536):
            replies += part
    assert replies.count(b"HTTP/1.1 200 OK") == 2
