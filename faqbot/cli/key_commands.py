"""API keys: create, list, revoke."""

from __future__ import annotations

from pathlib import Path

import click

from faqbot.cli.options import container, print_json, with_config, with_json
from faqbot.cli.terminal import show
from faqbot.contract import to_json
from faqbot.language import _
from faqbot.services.admin.keys import ROLES, Role


@click.group()
def key() -> None:
    """API keys: create, list, revoke."""


@key.command()
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the key may do.")
@click.option("--label", default="", help="Whose key it is.")
@with_config
def create(config: Path | None, role: Role, label: str) -> None:
    """Create a key and show it, once."""
    show(container(config).keys.create(role, label))


@key.command(name="list")
@with_json
@with_config
def list_command(config: Path | None, as_json: bool) -> None:
    """List the keys by number; the keys themselves are not stored."""
    rows = container(config).storage.keys.all()
    if as_json:
        print_json([to_json(row) for row in rows])
        return
    for row in rows:
        line = f"{row.key_id:>4}  {row.role:6} {row.created_at}  {row.label}"
        show(_("{line}  (revoked)", line=line) if row.revoked else line)


@key.command()
@click.argument("number", type=click.IntRange(1))
@with_config
def revoke(config: Path | None, number: int) -> None:
    """Revoke a key: it stops working at once."""
    container(config).keys.revoke(number)
    show(_("Key {number} is revoked.", number=number))
