"""Serving."""

from __future__ import annotations

from pathlib import Path

import click

from faqbot.cli.options import say, with_config
from faqbot.settings import load_settings


@click.command()
@click.option("--host", help="Address to listen on; default: web.host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default: web.port, 7860.")
@with_config
def serve(config: Path | None, host: str | None, port: int | None) -> None:
    """Migrate, load the starter knowledge base on first run, and serve API, pages and channels."""
    from faqbot.serving import serve as run

    run(load_settings(config), host, port, say)
