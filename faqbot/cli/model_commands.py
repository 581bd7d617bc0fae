"""Models: list, info, pull, build."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from faqbot.cli.options import container, print_json, say, with_config, with_json
from faqbot.encoder.catalogue import ModelFacts, list_models, pull_model
from faqbot.settings import load_settings


@click.group()
def model() -> None:
    """Models: list, info, pull, build."""


@model.command(name="list")
@with_json
@with_config
def list_command(config: Path | None, as_json: bool) -> None:
    """List the models and whether they are on this machine."""
    models = list_models(load_settings(config).encoder)
    if as_json:
        print_json([asdict(facts) for facts in models])
        return
    for facts in models:
        click.echo(_line(facts))


@model.command()
@with_json
@with_config
def info(config: Path | None, as_json: bool) -> None:
    """Load the configured model and say what it is."""
    found = container(config).encoder.info
    if as_json:
        print_json(asdict(found))
        return
    for name, value in asdict(found).items():
        click.echo(f"{name:12} {value}")


@model.command()
@click.argument("name")
@with_config
def pull(config: Path | None, name: str) -> None:
    """Put a model on this machine, for example BAAI/bge-m3 (2.3 GB)."""
    click.echo(_line(pull_model(name, load_settings(config).encoder, say)))


@model.command()
@with_config
def build(config: Path | None) -> None:
    """Build the compact model from the installed package's weights."""
    click.echo(_line(pull_model("compact", load_settings(config).encoder, say)))


def _line(facts: ModelFacts) -> str:
    place = f"here: {facts.folder}" if facts.is_present else "not on this machine"
    size = f"{facts.megabytes} MB" if facts.megabytes else "size unknown"
    return f"{facts.name:16} {facts.dimension or '?'} dimensions, {size}, {facts.licence}; {place}"
