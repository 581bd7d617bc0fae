"""Questions: ask and similarity."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from faqbot.cli.options import MODE, container, print_json, with_config, with_json
from faqbot.cli.terminal import show
from faqbot.cli.verdicts import VERDICTS
from faqbot.contract import to_json
from faqbot.language import _


@click.command()
@click.argument("text")
@click.option("--mode", type=MODE, help="Default: matching.mode.")
@click.option("--top", type=click.IntRange(1, 50), help="How many suggestions at most; default: matching.suggestions.")
@click.option("--language", help="Language of the answer, such as en; default: guessed from the question.")
@click.option(
    "--segment", "segments", multiple=True, help="Segment that the customer belongs to; can be given several times."
)
@click.option("--explain", is_flag=True, help="Show how the decision came about, as JSON.")
@with_json
@with_config
def ask(
    config: Path | None,
    text: str,
    mode: str | None,
    top: int | None,
    language: str | None,
    segments: tuple[str, ...],
    explain: bool,
    as_json: bool,
) -> None:
    """Ask the published version a question; the reply is the same as the API's."""
    from faqbot.channels.plain_text import words_of

    parts = container(config)
    parts.published.refresh()
    filters = {"segment": segments} if segments else None
    reply = parts.answering.ask(text, mode=mode, top=top, language=language, filters=filters, explained=explain)
    if as_json or explain:
        print_json(to_json(replace(reply, request_id="cli")))
        return
    head = _("[{verdict}, confidence {confidence:.2f}]", verdict=VERDICTS[reply.verdict], confidence=reply.confidence)
    show(_("{head} {question}", head=head, question=reply.question) if reply.question else head)
    show(words_of(reply))
    if reply.verdict == "suggest":
        show(*(f"  {one.confidence:.2f}  {one.question}" for one in reply.suggestions))
    show(*(f"  > {prompt.question}" for prompt in reply.prompts))
    show(*(f"  {link}" for link in reply.attachments))


@click.command()
@click.argument("a")
@click.argument("b")
@with_json
@with_config
def similarity(config: Path | None, a: str, b: str, as_json: bool) -> None:
    """Compare two texts: dense, sparse, ColBERT and hybrid, each from 0 to 1."""
    found = container(config).comparing.similarity(a, b)
    if as_json:
        print_json(to_json(found))
        return
    for name in ("dense", "sparse", "colbert", "hybrid"):
        show(_("{mode:8} {score:.4f}   (raw {raw:.4f})", mode=name, score=getattr(found, name), raw=found.raw[name]))
