"""Everything into one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faqbot.cli.options import FILE, container, print_json, with_config, with_json
from faqbot.cli.terminal import say, show
from faqbot.contract import to_json
from faqbot.language import Text, _, _n

if TYPE_CHECKING:
    from faqbot.bootstrap import Container


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

    parts = container(config)
    kept, key = parts.storage, _key(parts)
    manifest = kept.backups.write(file, vectors=not no_vectors, key=key)
    if not key:
        say(_("The backup is not signed: whoever can change the file can change what is restored. Set backup.key."))
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
@click.option(
    "--with-keys", is_flag=True, help="Take API keys and secrets from the backup too; otherwise those of now stay."
)
@with_json
@with_config
def restore(config: Path | None, file: Path, replace: bool, with_keys: bool, as_json: bool) -> None:
    """Restore a backup in place of everything in the database: all of it, or nothing."""
    parts = container(config, creates=True, expected="restored")
    key = _key(parts)
    manifest = parts.storage.backups.restore(file, replace=replace, with_keys=with_keys, key=key)
    if not key:
        say(_("Nobody has checked who wrote this backup: backup.key is not set."))
    if not with_keys:
        say(_("API keys are those of before; `--with-keys` would have taken the backup's."))
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


def _key(parts: Container) -> str | None:
    key = parts.settings.backup.key
    return key.get_secret_value() if key else None


def _content(rows: dict[str, int]) -> Text:
    return _(
        "{entries} and {versions}",
        entries=_n("{count} entry", "{count} entries", rows["entries"]),
        versions=_n("{count} version", "{count} versions", rows["versions"]),
    )
