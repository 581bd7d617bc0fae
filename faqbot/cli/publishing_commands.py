"""The draft and its versions: check, duplicates, publish, rollback, versions."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from faqbot.cli.options import FILE, container, print_json, say, with_config, with_json
from faqbot.cli.pace import Pace, StagePace
from faqbot.errors import RowsRefused
from faqbot.formats import read_rows
from faqbot.services.checks.findings import CheckReport, Finding, Override, finding_json, report_json
from faqbot.services.checks.problems import ANY
from faqbot.services.publishing.version_diff import compare_versions
from faqbot.services.values.replies import VersionInfo

_SHOWN = 50


@click.command()
@with_json
@with_config
def check(config: Path | None, as_json: bool) -> None:
    """Run every check on the draft without publishing it; exit code 1 where one would stop the publication."""
    report = container(config).checks.check(StagePace())
    print_json(report_json(report)) if as_json else click.echo(_report_text(report))
    if report.blocking:
        say(f"faqbot: The draft cannot be published: {len(report.blocking)} findings stop it.")
        sys.exit(1)


@click.command()
@click.argument("code", default=ANY)
@with_json
@with_config
def problems(config: Path | None, code: str, as_json: bool) -> None:
    """List entries with problems, at once and without the model; CODE names a check, as in `faqbot check`.

    What only the model can find is that of the last `faqbot check` or `faqbot publish`.
    """
    found = container(config).problems.find(code)
    if as_json:
        print_json({entry_id: [finding_json(one) for one in findings] for entry_id, findings in found.items()})
        return
    for entry_id, findings in found.items():
        click.echo("\n".join([entry_id, *(f"  {one.code}: {one.explanation('en')}" for one in findings)]))
    click.echo(f"{len(found)} entries.")


@click.command()
@click.argument("file", required=False, type=FILE)
@click.option("--threshold", type=click.FloatRange(0, 1), help="Score from which a pair is listed; default: 0.3.")
@with_json
@with_config
def duplicates(config: Path | None, file: Path | None, threshold: float | None, as_json: bool) -> None:
    """List entries that ask nearly the same, conflicting answers first: in the draft, or between a file and it."""
    incoming = None
    if file:
        parsed = read_rows(file)
        if parsed.errors:
            raise RowsRefused(f"{file}: line {parsed.errors[0].line}: {parsed.errors[0].message}")
        incoming = [entry for _, entry in parsed.entries]
    found = container(config).learner.duplicates(incoming, threshold=threshold, progress=Pace("encoded", "wordings"))
    if as_json:
        print_json([asdict(pair) for pair in found])
        return
    for pair in found:
        kind = "conflict " if pair.conflict else "duplicate"
        click.echo(f"{kind} {pair.score:.2f}  {' / '.join(pair.entry_ids)}")
        click.echo("\n".join(f"    {text}" for text in pair.wordings))
    conflicts = sum(pair.conflict for pair in found)
    click.echo(f"{len(found)} pairs, {conflicts} of them with different answers.")


@click.command()
@click.option("--note", default="", help="Why; for the list of versions, and for every override.")
@click.option("--override", "codes", multiple=True, metavar="CODE", help="A check that may fail; needs --note.")
@with_json
@with_config
def publish(config: Path | None, note: str, codes: tuple[str, ...], as_json: bool) -> None:
    """Check the draft, make a version of it and let customers have it."""
    overrides = [Override(code, note) for code in codes]
    version = container(config).publishing.publish(note, StagePace(), overrides)
    print_json(asdict(version)) if as_json else click.echo(version_line(version))


@click.command()
@click.argument("version", required=False, type=click.IntRange(1))
@with_json
@with_config
def rollback(config: Path | None, version: int | None, as_json: bool) -> None:
    """Let customers have an earlier version again; default: what customers had before the current one."""
    info = container(config).publishing.rollback(version)
    print_json(asdict(info)) if as_json else click.echo(version_line(info))


@click.group(invoke_without_command=True)
@with_json
@with_config
@click.pass_context
def versions(context: click.Context, config: Path | None, as_json: bool) -> None:
    """List the published versions, newest first."""
    if context.invoked_subcommand:
        return
    rows = container(config).publishing.versions()
    if as_json:
        print_json([asdict(row) for row in rows])
    elif not rows:
        click.echo("Nothing has been published yet.")
    else:
        click.echo("\n".join(version_line(row) for row in rows))


@versions.command()
@click.argument("earlier", required=False, type=click.IntRange(1))
@click.argument("later", required=False, type=click.IntRange(1))
@with_json
@with_config
def diff(config: Path | None, earlier: int | None, later: int | None, as_json: bool) -> None:
    """List what differs between two versions; default: between the current one and the draft."""
    parts = container(config).storage
    found = compare_versions(parts.versions, parts.draft, earlier, later)
    if as_json:
        print_json(asdict(found))
        return
    lines = [*(f"+ {entry_id}" for entry_id in found.added), *(f"- {entry_id}" for entry_id in found.removed)]
    for change in found.changed:
        lines.append(f"~ {change.entry_id}: {', '.join(change.fields)}")
        lines += [f"    + {text}" for text in change.wordings_added]
        lines += [f"    - {text}" for text in change.wordings_removed]
        if change.answer:
            lines.append(f"    answer: {change.answer[0]!r} -> {change.answer[1]!r}")
    lines.append(f"{len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed.")
    click.echo("\n".join(lines))


def version_line(version: VersionInfo) -> str:
    """One version for people."""
    current = " (current)" if version.current else ""
    note = f"  {version.note}" if version.note else ""
    return (
        f"version {version.number}{current}  {version.created_at}  {version.entries} entries, "
        f"{version.wordings} wordings, model {version.model}{note}"
    )


def _report_text(report: CheckReport) -> str:
    lines = [_finding_line(finding) for finding in report.findings[:_SHOWN]]
    if len(report.findings) > _SHOWN:
        lines.append(f"and {len(report.findings) - _SHOWN} more; --json lists every one.")
    if not report.complete:
        lines.append("The checks of meaning run once no wording is empty.")
    verdict = f"{len(report.blocking)} findings stop a publication" if report.blocking else "The draft can be published"
    return "\n".join([*lines, f"{verdict}; {len(report.findings) - len(report.blocking)} warnings."])


def _finding_line(finding: Finding) -> str:
    return f"{finding.severity:8}  {finding.code}  {', '.join(finding.entry_ids)}: {finding.explanation('en')}"
