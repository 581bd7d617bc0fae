"""One shop behind a real server on loopback, for clients that speak HTTP by themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from werkzeug.serving import make_server

from faqbot.knowledge import Entry
from tests.integration.web.shop import ENTRIES, Shop

# The shop's entries; the first leads on to two others, and one is known by the number that it had elsewhere.
SERVED = (
    replace(ENTRIES[0], prompts=("refund-time", "27", "not-published")),
    *ENTRIES[1:],
    Entry("27", "可以寄到国外吗？", ("海外能收货吗",), "目前只寄国内。", "zh", "物流", ("region:abroad", "热门")),
)


SECRETS = {"webhook_secret": "a secret of the tests"}


@dataclass(frozen=True)
class Served:
    """A shop and the address at which it is served."""

    shop: Shop
    url: str

    def key(self) -> str:
        return self.shop.keys["ask"]


@contextmanager
def served(shop: Shop) -> Iterator[Served]:
    """Serve a shop in a thread, on a port that is free."""
    server = make_server("127.0.0.1", 0, shop.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Served(shop, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
