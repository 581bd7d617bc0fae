"""Serving, and working beside the server."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click

from faqbot.cli.options import container, with_config
from faqbot.cli.terminal import say, show
from faqbot.language import _, _n
from faqbot.process import keep_few_heaps, log_in_lines
from faqbot.settings import load_settings


@click.command()
@click.option("--host", help="Address to listen on; default: web.host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default: web.port, 7860.")
@click.option(
    "--starter", is_flag=True, help="Start anew with the starter knowledge base, although there was a database before."
)
@with_config
def serve(config: Path | None, host: str | None, port: int | None, starter: bool) -> None:
    """Serve the API, the pages and the channels; on the first run, load the starter knowledge base."""
    from faqbot.serving import serve as run

    log_in_lines()
    keep_few_heaps()
    run(load_settings(config), host, port, _reporter(), anew=starter)


@click.command()
@click.option("--once", is_flag=True, help="Do the waiting jobs, then exit.")
@with_config
def worker(config: Path | None, once: bool) -> None:
    """Do background jobs in a separate process; switch jobs.embedded off for the server then."""
    log_in_lines()
    report = _reporter()
    parts = container(config, report=report)
    jobs = parts.make_worker()
    # A job in hand goes back into the queue at once, instead of waiting for its lease to run out.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    if once:
        count = 0
        while jobs.run_one():
            count += 1
        show(_n("{count} job done.", "{count} jobs done.", count))
        return
    report(_("Waiting for jobs (stop with Ctrl+C)"))
    jobs.run()


def _reporter() -> Callable[[str], None]:
    """Says what happens: to whoever sits at the terminal in their language, else as lines of the log, with the time."""
    if sys.stderr.isatty():
        return say
    log = logging.getLogger("faqbot")
    log.setLevel(logging.INFO)
    return log.info


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
