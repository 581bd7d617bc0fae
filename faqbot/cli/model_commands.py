"""Models: list, info, pull, build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faqbot.cli.options import container, print_json, with_config, with_json
from faqbot.cli.terminal import say, show
from faqbot.contract import to_json
from faqbot.language import Text, _
from faqbot.settings import load_settings

if TYPE_CHECKING:
    from faqbot.encoder.catalogue import ModelFacts


@click.group()
def model() -> None:
    """Models: list, info, pull, build."""


@model.command(name="list")
@with_json
@with_config
def list_command(config: Path | None, as_json: bool) -> None:
    """List the models and whether they are on this machine."""
    from faqbot.encoder.catalogue import list_models

    found = list_models(load_settings(config).encoder)
    if as_json:
        print_json(to_json(found))
        return
    show(*(_line(facts) for facts in found.models))


@model.command()
@with_json
@with_config
def info(config: Path | None, as_json: bool) -> None:
    """Load the configured model and show its details."""
    found = container(config).encoder.info
    if as_json:
        print_json(to_json(found))
        return
    for name in to_json(found):
        # From the value itself, whose sentences can be translated.
        show(_("{name:12} {value}", name=name, value=getattr(found, name)))


@model.command()
@click.argument("name")
@with_config
def pull(config: Path | None, name: str) -> None:
    """Download a model to this machine, for example BAAI/bge-m3 (2.3 GB)."""
    from faqbot.encoder.catalogue import pull_model

    show(_line(pull_model(name, load_settings(config).encoder, say)))


@model.command()
@with_config
def build(config: Path | None) -> None:
    """Build the compact model from the installed package's weights."""
    from faqbot.encoder.catalogue import pull_model

    show(_line(pull_model("compact", load_settings(config).encoder, say)))


def _line(facts: ModelFacts) -> Text:
    size = f"{facts.megabytes} MB" if facts.megabytes else _("size unknown")
    return _(
        "{name:16} {dimension} dimensions, {size}, {licence}; {place}",
        name=facts.name,
        dimension=facts.dimension or "?",
        size=size,
        licence=facts.licence,
        place=_("here: {folder}", folder=facts.folder) if facts.is_present else _("not on this machine"),
    )
