"""API keys: create, rotate, list, revoke."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faqbot.cli.options import container, print_json, with_config, with_json
from faqbot.cli.terminal import padded, show
from faqbot.contract import to_json
from faqbot.language import Text, _

if TYPE_CHECKING:
    from faqbot.services.admin.keys import NewKey, Role
    from faqbot.storage import KeyRow

_WIDTH = 24

with_end = click.option("--expires", help="Last day of the key, or date and time, in ISO 8601; unset: it never ends.")


@click.group()
def key() -> None:
    """API keys: create, rotate, list, revoke."""


@key.command()
@click.option("--role", type=click.Choice(["admin", "agent", "ask"]), required=True, help="What the key may do.")
@click.option("--name", default="", help="Whose key it is, or what for.")
@with_end
@with_json
@with_config
def create(config: Path | None, role: Role, name: str, expires: str | None, as_json: bool) -> None:
    """Create a key and show it, once."""
    # The first thing that is done where the server is another gunicorn's.
    _show(container(config, creates=True).keys.create(role, name, expires), as_json)


@key.command()
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--overlap-days",
    type=click.IntRange(0, 365),
    default=7,
    show_default=True,
    help="Days until the old key ends; 0: at once.",
)
@with_end
@with_json
@with_config
def rotate(config: Path | None, number: int, overlap_days: int, expires: str | None, as_json: bool) -> None:
    """Create a key with the role and name of another, and show it, once. The other goes on working for a while."""
    _show(container(config).keys.rotate(number, overlap_days, expires), as_json)


@key.command(name="list")
@with_json
@with_config
def list_command(config: Path | None, as_json: bool) -> None:
    """List the keys by number; the keys themselves are not stored."""
    found = container(config).keys.list()
    if as_json:
        print_json(to_json(found))
        return
    for row in found.keys:
        line = f"{row.key_id:>4}  {row.role:6} {row.created_at[:10]}  {padded(_used(row), _WIDTH)}  {row.name}"
        state = _state(row)
        show(_("{line}  {state}", line=line, state=state) if state else line)


@key.command()
@click.argument("number", type=click.IntRange(1))
@with_config
def revoke(config: Path | None, number: int) -> None:
    """Revoke a key: it stops working at once."""
    container(config).keys.revoke(number)
    show(_("Key {number} is revoked.", number=number))


def _show(made: NewKey, as_json: bool) -> None:
    if as_json:
        print_json(to_json(made))
    else:
        show(made.key)


def _used(row: KeyRow) -> Text:
    return _("used {moment}", moment=row.last_used_at[:16]) if row.last_used_at else _("never used")


def _state(row: KeyRow) -> Text | None:
    from faqbot.services.admin.keys import has_expired

    if row.revoked:
        return _("(revoked)")
    if row.expires_at is None:
        return None
    if has_expired(row):
        return _("(expired)")
    return _("(until {moment})", moment=row.expires_at[:16])
