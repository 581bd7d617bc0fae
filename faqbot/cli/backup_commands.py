"""Everything into one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from faqbot.cli.options import FILE, container, print_json, with_config, with_json
from faqbot.cli.terminal import show
from faqbot.contract import to_json
from faqbot.language import Text, _, _n


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--no-vectors",
    is_flag=True,
    help="Leave the vectors out: a small file, but after a restore the next publication encodes every text again.",
)
@with_json
@with_config
def backup(config: Path | None, file: Path, no_vectors: bool, as_json: bool) -> None:
    """Back up the whole database to one file, while the server keeps running."""
    from faqbot.storage import Change

    kept = container(config).storage
    manifest = kept.backups.write(file, vectors=not no_vectors)
    # Whoever erases something for good has to know where it still is.
    kept.audit.record(Change("backup.write", str(file.absolute())))
    if as_json:
        print_json(to_json(manifest))
        return
    show(
        _(
            "{content} written to {file}.",
            content=_content({name: record.rows for name, record in manifest.tables.items()}),
            file=file,
        )
    )


@click.command()
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Discard the entries and versions that are in the database now.")
@with_json
@with_config
def restore(config: Path | None, file: Path, replace: bool, as_json: bool) -> None:
    """Restore a backup in place of everything in the database: all of it, or nothing."""
    storage = container(config, creates=True, expected="restored").storage
    manifest = storage.backups.restore(file, replace=replace)
    if as_json:
        print_json(to_json(manifest))
        return
    show(
        _(
            "{content} restored; the backup is of {time}.",
            content=_content({name: record.rows for name, record in manifest.tables.items()}),
            time=manifest.created_at[:19],
        )
    )


def _content(rows: dict[str, int]) -> Text:
    return _(
        "{entries} and {versions}",
        entries=_n("{count} entry", "{count} entries", rows["entries"]),
        versions=_n("{count} version", "{count} versions", rows["versions"]),
    )
