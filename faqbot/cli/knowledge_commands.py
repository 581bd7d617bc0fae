"""The draft and files: import and export."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from faqbot.cli.options import FILE, container, print_json, say, with_config, with_json
from faqbot.cli.pace import StagePace
from faqbot.cli.publishing_commands import version_line
from faqbot.errors import RowsRefused
from faqbot.services.values.replies import ImportReport, RowVerdict, RowVerdictName

_SHOWN_ROWS = 20


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--dry-run", is_flag=True, help="Report only, change nothing.")
@click.option("--replace", is_flag=True, help="Entries that the file does not hold leave the draft.")
@click.option("--publish", "then_publish", is_flag=True, help="Publish the draft afterwards.")
@with_json
@with_config
def import_command(
    config: Path | None, files: tuple[Path, ...], dry_run: bool, replace: bool, then_publish: bool, as_json: bool
) -> None:
    """Take csv, xlsx, json, jsonl or yaml files, and other programs' exports, into the draft: every row, or none."""
    parts = container(config)
    if replace and len(files) > 1:
        raise click.UsageError("--replace takes one file.")
    if replace:
        reports = [parts.curation.import_file(files[0], dry_run=dry_run, replace=True)]
    else:
        reports = parts.curation.import_files(files, dry_run=dry_run)
    _refuse_bad_rows(reports)
    if not as_json:
        # Before publishing, which may be refused: these rows are in the draft all the same.
        for report in reports:
            click.echo("\n".join(_report_lines(report)))
            if dry_run:
                _show_rows(report)
    version = parts.publishing.publish(progress=StagePace()) if then_publish and not dry_run else None
    if as_json:
        print_json({"files": [_report_json(r) for r in reports], "version": asdict(version) if version else None})
    elif version:
        click.echo(version_line(version))


@click.command()
@click.argument("file", type=FILE)
@with_config
def export(config: Path | None, file: Path) -> None:
    """Write the draft to a csv, xlsx, json, jsonl or yaml file."""
    count = container(config).curation.export_file(file)
    click.echo(f"{count} entries written to {file}.")


@click.command()
@click.option("--dry-run", is_flag=True, help="Count only, change nothing.")
@with_json
@with_config
def prune(config: Path | None, dry_run: bool, as_json: bool) -> None:
    """Remove the vectors of wordings and passages that are neither in the draft nor in any version."""
    pruned = container(config).storage.vectors.prune(dry_run=dry_run)
    if as_json:
        print_json({**asdict(pruned), "dry_run": dry_run})
    else:
        done = "would be removed" if dry_run else "removed"
        click.echo(f"{pruned.removed} unused vectors {done}, {pruned.kept} kept.")


def _refuse_bad_rows(reports: list[ImportReport]) -> None:
    bad = [(report, row) for report in reports for row in report.refused]
    for report, row in bad[1:20]:
        say(_row_line(report, row))
    if bad:
        raise RowsRefused(f"{len(bad)} rows cannot be imported, nothing was imported. {_row_line(*bad[0])}")


def _row_line(report: ImportReport, row: RowVerdict) -> str:
    place = f"{report.file}, line {row.line}" + (f", column {row.column}" if row.column else "")
    return f"{place}: {row.message}"


def _show_rows(report: ImportReport) -> None:
    """The rows of a preview that change something, as far as a screen holds them."""
    telling = [row for row in report.rows if row.verdict in ("changed", "duplicate")]
    for row in telling[:_SHOWN_ROWS]:
        click.echo(f"  line {row.line}, {row.entry_id or row.verdict}: {row.message}")
    if len(telling) > _SHOWN_ROWS:
        click.echo(f"  and {len(telling) - _SHOWN_ROWS} more; --json lists every row.")


def _report_lines(report: ImportReport) -> list[str]:
    names: list[RowVerdictName] = ["new", "changed", "same"]
    if report.count("duplicate"):
        names.append("duplicate")
    counts = ", ".join(f"{report.count(name)} {name}" for name in names)
    removed = f", {report.removed} removed" if report.removed else ""
    done = "" if report.applied else " (dry run: nothing was written)"
    about = ", ".join(part for part in (report.origin, report.encoding) if part)
    first = f"{report.file}{f' ({about})' if about else ''}: {counts}{removed}{done}"
    return [first, *(f"  left aside: {loss}" for loss in report.losses)]


def _report_json(report: ImportReport) -> dict[str, object]:
    return asdict(report)
