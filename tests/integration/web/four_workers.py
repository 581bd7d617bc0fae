"""A real gunicorn with four workers on one database; every reply says in `X-Worker` which of them gave it.

The model is loaded before the fork, so that a test need not wait for four times the loading; `faqbot serve` loads it
in each worker. Arguments: the database's URL and a port.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

from faqbot.bootstrap import Container, open_services
from faqbot.encoder import Encoder
from faqbot.encoder.opening import open_encoder
from faqbot.serving import Server
from faqbot.settings import EncoderSettings, JobSettings, Settings, StorageSettings, WebSettings
from faqbot.web.application import create_app


class _Named:
    """The application, with the worker's name in every reply."""

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        container = Container(settings)
        container.encoder = encoder
        self._app = create_app(open_services(container), settings)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            return start_response(status, [*headers, ("X-Worker", str(os.getpid()))], *rest)

        return self._app.wsgi_app(environ, start)


def main() -> None:
    """Serve until stopped."""
    settings = Settings(
        encoder=EncoderSettings(model="compact", device="cpu", precision="fp32", threads=1),
        storage=StorageSettings(database_url=sys.argv[1], starter=False),
        jobs=JobSettings(embedded=False),
        web=WebSettings(port=int(sys.argv[2]), workers=4, threads=8),
    )
    encoder = open_encoder(settings.encoder)
    Server(settings, lambda: _Named(settings, encoder)).run()  # type: ignore[arg-type,return-value]


if __name__ == "__main__":
    main()
