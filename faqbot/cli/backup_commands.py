"""Everything into one file, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from faqbot.cli.options import FILE, container, print_json, with_config, with_json


@click.command()
@click.argument("file", type=FILE)
@click.option("--no-vectors", is_flag=True, help="A small file; after restoring, publishing encodes again.")
@with_json
@with_config
def backup(config: Path | None, file: Path, no_vectors: bool, as_json: bool) -> None:
    """Write the whole database to one file, while the server goes on."""
    manifest = container(config).storage.backups.write(file, vectors=not no_vectors)
    if as_json:
        print_json(asdict(manifest))
        return
    rows = {name: record.rows for name, record in manifest.tables.items()}
    click.echo(f"{rows['entries']} entries and {rows['versions']} versions written to {file}.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Entries and versions that are here now are lost.")
@with_json
@with_config
def restore(config: Path | None, file: Path, replace: bool, as_json: bool) -> None:
    """Put a backup in the place of everything in the database: all of it, or nothing."""
    manifest = container(config).storage.backups.restore(file, replace=replace)
    if as_json:
        print_json(asdict(manifest))
        return
    rows = {name: record.rows for name, record in manifest.tables.items()}
    click.echo(f"{rows['entries']} entries and {rows['versions']} versions of {manifest.created_at[:19]} restored.")
