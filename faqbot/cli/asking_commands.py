"""Questions: ask and similarity."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from faqbot.cli.options import MODE, container, print_json, with_config, with_json


@click.command()
@click.argument("text")
@click.option("--mode", type=MODE, help="Default: matching.mode.")
@click.option("--top", type=click.IntRange(1, 50), help="Suggestions at most; default: matching.suggestions.")
@click.option("--language", help="Tag of the wanted answer, such as en; default: guessed from the question.")
@click.option("--segment", "segments", multiple=True, help="Who asks; may be given several times.")
@click.option("--explain", is_flag=True, help="Say why.")
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
    """Ask the published version; the same reply as the API's."""
    from faqbot.channels.contract import reply_json
    from faqbot.channels.plain_text import words_of

    parts = container(config)
    parts.published.refresh()
    filters = {"segment": segments} if segments else None
    reply = parts.answering.ask(text, mode=mode, top=top, language=language, filters=filters, explained=explain)
    if as_json or explain:
        print_json(reply_json(reply, request_id="cli"))
        return
    click.echo(f"[{reply.verdict}, confidence {reply.confidence:.2f}] {reply.question or ''}".rstrip())
    click.echo(words_of(reply))
    if reply.verdict == "suggest":
        click.echo("\n".join(f"  {s.confidence:.2f}  {s.question}" for s in reply.suggestions))
    for prompt in reply.prompts:
        click.echo(f"  > {prompt.question}")
    for link in reply.attachments:
        click.echo(f"  {link}")


@click.command()
@click.argument("a")
@click.argument("b")
@with_json
@with_config
def similarity(config: Path | None, a: str, b: str, as_json: bool) -> None:
    """Compare two texts: dense, sparse, ColBERT and hybrid, each 0..1."""
    found = container(config).answering.similarity(a, b)
    if as_json:
        print_json(asdict(found))
        return
    for name in ("dense", "sparse", "colbert", "hybrid"):
        click.echo(f"{name:8} {getattr(found, name):.4f}   (raw {found.raw[name]:.4f})")
