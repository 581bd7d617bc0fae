"""Who changed what and when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faqbot.cli.options import container, print_json, with_config, with_json
from faqbot.cli.terminal import show
from faqbot.contract import to_json

if TYPE_CHECKING:
    from faqbot.storage import AuditRecord

_SHOWN = 100


@click.command()
@click.option("--subject", help="Id of an entry, or number of a version or key.")
@click.option("--actor", help="Who: `key 3`, `cli`, `faqbot`.")
@click.option("--action", help="What: `entry.update`, or `entry` for every action that begins with it.")
@click.option("--since", help="From this date, or date and time, in ISO 8601.")
@click.option("--until", help="Until this date or time; a date includes the whole day.")
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many changes at most."
)
@with_json
@with_config
def audit(
    config: Path | None,
    subject: str | None,
    actor: str | None,
    action: str | None,
    since: str | None,
    until: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List who changed what and when, newest first."""
    from faqbot.services.values.pages import AuditPage, page_of

    found = container(config).storage.audit.changes(
        subject=subject, actor=actor, action=action, since=since, until=until, limit=limit + 1
    )
    page = AuditPage(*page_of(found, limit))
    if as_json:
        print_json(to_json(page))
        return
    show(*(_line(change) for change in page.changes))


def _line(change: AuditRecord) -> str:
    reason = f" ({change.reason})" if change.reason else ""
    values = f"{_short(change.before)} -> {_short(change.after)}"
    return f"{change.number}  {change.at[:19]}  {change.actor}  {change.action} {change.subject}{reason}  {values}"


def _short(value: object) -> str:
    text = "-" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
