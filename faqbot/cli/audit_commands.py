"""Who changed what and when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from faqbot.cli.options import container, print_json, with_config, with_json
from faqbot.cli.terminal import give_up, show
from faqbot.contract import to_json
from faqbot.language import _, _n

if TYPE_CHECKING:
    from faqbot.storage import AuditRecord, AuditVerification

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
@click.option("--verify", is_flag=True, help="Check instead that no line was changed, put in or taken out.")
@click.option("--head", help="With --verify: NUMBER:CHECKSUM as an earlier check showed it; the log has to lead there.")
@with_json
@with_config
def audit(
    config: Path | None,
    limit: int,
    verify: bool,
    head: str | None,
    as_json: bool,
    **filters: Any,  # noqa: ANN401 - texts, whatever the options are
) -> None:
    """List who changed what and when, newest first."""
    from faqbot.services.values.pages import AuditPage, page_of

    log = container(config).storage.audit
    if verify or head:
        _show_verification(log.verify(head), as_json)
        return
    found = log.changes(**filters, limit=limit + 1)
    page = AuditPage(*page_of(found, limit))
    if as_json:
        print_json(to_json(page))
        return
    show(*(_line(change) for change in page.changes))


def _show_verification(found: AuditVerification, as_json: bool) -> None:
    if as_json:
        print_json(to_json(found))
    if not found.intact:
        give_up(found.problem)
    if not as_json:
        lines = _n("{count} line", "{count} lines", found.lines)
        show(_("All is as it was written: {lines}. Note the head elsewhere: {head}", lines=lines, head=found.head))


def _line(change: AuditRecord) -> str:
    reason = f" ({change.reason})" if change.reason else ""
    values = f"{_short(change.before)} -> {_short(change.after)}"
    return f"{change.number}  {change.at[:19]}  {change.actor}  {change.action} {change.subject}{reason}  {values}"


def _short(value: object) -> str:
    text = "-" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
