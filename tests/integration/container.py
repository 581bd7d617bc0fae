"""The parts of an installation, wired as the program wires them, over a database and a model of a test's own."""

from __future__ import annotations

from typing import Any

from faqbot.bootstrap import Container
from faqbot.encoder import Encoder
from faqbot.settings import Settings
from faqbot.storage import Storage


def container_of(storage: Storage, encoder: Encoder | None = None, **settings: Any) -> Container:
    """Everything over this database; without an encoder, the configured model is loaded when it is needed."""
    container = Container(Settings(**settings))
    container.storage = storage
    if encoder is not None:
        container.encoder = encoder
    return container
