"""The command line: thin over the services. Exit 0 done, 1 refused with one clear line, 2 wrong usage."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from faqbot import __version__
from faqbot.bootstrap import Workshop
from faqbot.errors import FaqbotError, RowsRefused
from faqbot.services.replies import ImportReport, VersionInfo
from faqbot.settings import load_settings

_Command = TypeVar("_Command", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path, dir_okay=False)
_MODE = click.Choice(["hybrid", "dense", "sparse", "colbert"])


def _say(line: str) -> None:
    click.echo(line, err=True)


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _workshop(config: Path | None) -> Workshop:
    return Workshop(load_settings(config), report=_say)


def _with_config(command: _Command) -> _Command:
    """Give a command `--config`, and turn our errors into one line on stderr and exit code 1."""

    @wraps(command)
    def guarded(*args: object, **kwargs: object) -> object:
        try:
            return command(*args, **kwargs)
        except FaqbotError as error:
            _say(f"faqbot: {error}")
            sys.exit(1)

    option = click.option("--config", type=_FILE, help="Settings file; default: FAQBOT_CONFIG, else ./config.yaml.")
    return option(guarded)  # type: ignore[return-value]


_with_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="faqbot")
def main() -> None:
    """Answer customers' questions from your FAQ, and know when the answer is right."""


@main.command()
@click.option("--host", help="Address to listen on; default: web.host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default: web.port, 7860.")
@_with_config
def serve(config: Path | None, host: str | None, port: int | None) -> None:
    """Migrate, load the starter knowledge base on first run, and serve API, pages and channels."""
    from faqbot.serving import serve as run

    run(load_settings(config), host, port, _say)


@main.command(name="import")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--dry-run", is_flag=True, help="Report only, change nothing.")
@click.option("--replace", is_flag=True, help="Entries that the file does not hold leave the draft.")
@click.option("--publish", "then_publish", is_flag=True, help="Publish the draft afterwards.")
@_with_json
@_with_config
def import_command(
    config: Path | None, files: tuple[Path, ...], dry_run: bool, replace: bool, then_publish: bool, as_json: bool
) -> None:
    """Take csv, xlsx, json, jsonl or yaml files into the draft: every row, or none."""
    workshop = _workshop(config)
    if replace and len(files) > 1:
        raise click.UsageError("--replace takes one file.")
    reports = [workshop.curation.import_file(files[0], dry_run=dry_run or len(files) > 1, replace=replace)]
    if len(files) > 1:
        reports = _import_together(workshop, files, dry_run)
    _refuse_invalid(reports)
    version = workshop.publishing.publish(progress=_encoded) if then_publish and not dry_run else None
    if as_json:
        _print_json({"files": [_report_json(r) for r in reports], "version": asdict(version) if version else None})
        return
    for report in reports:
        click.echo(_report_line(report))
    if version:
        click.echo(_version_line(version))


@main.command()
@click.argument("file", type=_FILE)
@_with_config
def export(config: Path | None, file: Path) -> None:
    """Write the draft to a csv, xlsx, json, jsonl or yaml file."""
    count = _workshop(config).curation.export_file(file)
    click.echo(f"{count} entries written to {file}.")


@main.command()
@click.option("--note", default="", help="Why, for the list of versions.")
@_with_json
@_with_config
def publish(config: Path | None, note: str, as_json: bool) -> None:
    """Make a version of the draft and let customers have it."""
    version = _workshop(config).publishing.publish(note, _encoded)
    _print_json(asdict(version)) if as_json else click.echo(_version_line(version))


@main.command()
@click.argument("version", required=False, type=click.IntRange(1))
@_with_json
@_with_config
def rollback(config: Path | None, version: int | None, as_json: bool) -> None:
    """Let customers have an earlier version again; default: the one before the current one."""
    info = _workshop(config).publishing.rollback(version)
    _print_json(asdict(info)) if as_json else click.echo(_version_line(info))


@main.command()
@_with_json
@_with_config
def versions(config: Path | None, as_json: bool) -> None:
    """List the published versions, newest first."""
    rows = _workshop(config).publishing.versions()
    if as_json:
        _print_json([asdict(row) for row in rows])
    elif not rows:
        click.echo("Nothing has been published yet.")
    else:
        click.echo("\n".join(_version_line(row) for row in rows))


@main.command()
@click.argument("text")
@click.option("--mode", type=_MODE, help="Default: matching.mode.")
@click.option("--top", type=click.IntRange(1, 50), help="Suggestions at most; default: matching.suggestions.")
@click.option("--explain", is_flag=True, help="Say why.")
@_with_json
@_with_config
def ask(config: Path | None, text: str, mode: str | None, top: int | None, explain: bool, as_json: bool) -> None:
    """Ask the published version; the same reply as the API's."""
    from faqbot.channels.contract import reply_json

    workshop = _workshop(config)
    workshop.published.refresh()
    reply = workshop.answering.ask(text, mode=mode, top=top, explained=explain)
    if as_json or explain:
        _print_json(reply_json(reply, request_id="cli"))
        return
    click.echo(f"[{reply.verdict}, confidence {reply.confidence:.2f}] {reply.question or ''}".rstrip())
    click.echo(reply.answer)
    if reply.verdict == "suggest":
        click.echo("\n".join(f"  {s.confidence:.2f}  {s.question}" for s in reply.suggestions))


@main.command()
@click.argument("a")
@click.argument("b")
@_with_json
@_with_config
def similarity(config: Path | None, a: str, b: str, as_json: bool) -> None:
    """Compare two texts: dense, sparse, ColBERT and hybrid, each 0..1."""
    found = _workshop(config).answering.similarity(a, b)
    if as_json:
        _print_json(asdict(found))
        return
    for name in ("dense", "sparse", "colbert", "hybrid"):
        click.echo(f"{name:8} {getattr(found, name):.4f}   (raw {found.raw[name]:.4f})")


@main.command()
@click.option("--kb", required=True, type=_FILE, help="Knowledge base in any import format.")
@click.option("--queries", "queries_file", required=True, type=_FILE, help='JSON lines {"query", "gold"}.')
@click.option("--baselines", is_flag=True, help="Measure the rivals' ways in the same run.")
@_with_json
@_with_config
def evaluate(config: Path | None, kb: Path, queries_file: Path, baselines: bool, as_json: bool) -> None:
    """Measure a knowledge base on labelled questions; the database is not touched."""
    from faqbot.evaluation.evaluator import evaluate as run
    from faqbot.evaluation.queries import read_queries
    from faqbot.evaluation.report import markdown
    from faqbot.formats import read_rows
    from faqbot.matching.verdict import Thresholds

    parsed = read_rows(kb)
    if parsed.errors:
        raise RowsRefused(f"{kb}: line {parsed.errors[0].line}: {parsed.errors[0].message}")
    queries = read_queries(queries_file)
    workshop = _workshop(config)
    result = run(
        [entry for _, entry in parsed.entries],
        queries,
        workshop.encoder,
        thresholds=Thresholds(0.8, 0.15),
        baselines=baselines,
        stage=_progress_line,
    )
    _print_json(result.to_json()) if as_json else click.echo(markdown(result))


@main.group()
def model() -> None:
    """Models: list, info, pull, build."""


@main.group()
def key() -> None:
    """API keys: create, list, revoke."""


@key.command(name="create")
@click.option("--role", type=click.Choice(["admin", "agent", "ask"]), required=True, help="What the key may do.")
@click.option("--label", default="", help="Whose it is.")
@_with_config
def key_create(config: Path | None, role: str, label: str) -> None:
    """Make a key and show it, once."""
    click.echo(_workshop(config).keys.create(role, label))  # type: ignore[arg-type]


def _import_together(workshop: Workshop, files: tuple[Path, ...], dry_run: bool) -> list[ImportReport]:
    """Several files: all of them are checked before the first is taken."""
    reports = [workshop.curation.import_file(file, dry_run=True) for file in files]
    _refuse_invalid(reports)
    return reports if dry_run else [workshop.curation.import_file(file) for file in files]


def _refuse_invalid(reports: list[ImportReport]) -> None:
    bad = [(report, row) for report in reports for row in report.rows if row.verdict == "invalid"]
    for report, row in bad[1:20]:
        _say(_row_line(report, row.line, row.column, row.message))
    if bad:
        report, row = bad[0]
        first = _row_line(report, row.line, row.column, row.message)
        raise RowsRefused(f"{len(bad)} rows are invalid, nothing was imported. {first}")


def _row_line(report: ImportReport, line: int, column: str, text: str) -> str:
    place = f"{report.file}, line {line}" + (f", column {column}" if column else "")
    return f"{place}: {text}"


def _report_line(report: ImportReport) -> str:
    counts = ", ".join(f"{report.count(name)} {name}" for name in ("new", "changed", "same"))
    removed = f", {report.removed} removed" if report.removed else ""
    done = "" if report.applied else " (dry run: nothing was written)"
    return f"{report.file} ({report.encoding}): {counts}{removed}{done}"


def _report_json(report: ImportReport) -> dict[str, object]:
    return asdict(report)


def _version_line(version: VersionInfo) -> str:
    current = " (current)" if version.current else ""
    note = f"  {version.note}" if version.note else ""
    return (
        f"version {version.number}{current}  {version.created_at}  {version.entries} entries, "
        f"{version.wordings} wordings, model {version.model}{note}"
    )


def _encoded(done: int, total: int) -> None:
    _say(f"encoded {done} of {total} wordings")


def _progress_line(stage: str, done: int, total: int) -> None:
    if done == total or sys.stderr.isatty():
        _say(f"{stage}: {done} of {total}")


if __name__ == "__main__":
    main()
