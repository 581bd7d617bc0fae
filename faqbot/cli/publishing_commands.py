"""The draft and its versions: check, duplicates, publish, rollback, versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faqbot.cli.measuring_commands import threshold_lines
from faqbot.cli.options import FILE, container, print_json, with_config, with_json
from faqbot.cli.pace import Pace, StagePace, encoded
from faqbot.cli.terminal import give_up, padded, show
from faqbot.contract import to_json
from faqbot.errors import RowsRefused
from faqbot.language import Text, _, _n

if TYPE_CHECKING:
    from faqbot.services.checks.findings import CheckReport, Finding
    from faqbot.services.values.replies import VersionInfo

_SHOWN = 50


@click.command()
@with_json
@with_config
def check(config: Path | None, as_json: bool) -> None:
    """Run every check on the draft without publishing it; exit code 1 if one would stop the publication."""
    report = container(config).checks.check(StagePace())
    print_json(to_json(report)) if as_json else show(*_report_lines(report))
    if report.blocking:
        give_up(
            _n(
                "The draft cannot be published: {count} finding stops it.",
                "The draft cannot be published: {count} findings stop it.",
                len(report.blocking),
            )
        )


@click.command()
@click.argument("code", default="any")
@with_json
@with_config
def problems(config: Path | None, code: str, as_json: bool) -> None:
    """List entries with problems, at once and without the model; CODE is a check, as `faqbot check` names it.

    Problems that only the model finds are those of the last `faqbot check` or `faqbot publish`.
    """
    found = container(config).problems.find(code)
    if as_json:
        print_json({entry_id: [to_json(one) for one in findings] for entry_id, findings in found.items()})
        return
    for entry_id, findings in found.items():
        show(entry_id, *(_("  {code}: {explanation}", code=one.code, explanation=one.explanation) for one in findings))
    show(_n("{count} entry.", "{count} entries.", len(found)))


@click.command()
@click.argument("file", required=False, type=FILE)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Score from which a pair is listed.",
)
@with_json
@with_config
def duplicates(config: Path | None, file: Path | None, threshold: float, as_json: bool) -> None:
    """List entries that ask nearly the same, conflicting answers first: in the draft, or also in a file."""
    from faqbot.formats import read_rows
    from faqbot.services.checks.duplicates import DuplicateList

    incoming = None
    if file:
        parsed = read_rows(file)
        if parsed.errors:
            first = parsed.errors[0]
            raise RowsRefused(_("{file}, line {line}: {message}", file=file, line=first.line, message=first.message))
        incoming = [entry for _, entry in parsed.entries]
    found = container(config).learner.duplicates(incoming, threshold=threshold, progress=Pace(encoded))
    if as_json:
        print_json(to_json(DuplicateList(tuple(found))))
        return
    for pair in found:
        kind = _("conflict") if pair.conflict else _("duplicate")
        show(_("{kind} {score:.2f}  {ids}", kind=padded(kind, 9), score=pair.score, ids=" / ".join(pair.entry_ids)))
        show(*(f"    {text}" for text in pair.wordings))
    pairs, conflicts = _n("{count} pair", "{count} pairs", len(found)), sum(pair.conflict for pair in found)
    show(_("{pairs}, {conflicts} of them with different answers.", pairs=pairs, conflicts=conflicts))


@click.command()
@click.option("--note", default="", help="Reason; it is shown in the list of versions and kept with every override.")
@click.option("--override", "codes", multiple=True, metavar="CODE", help="Code of a check that may fail; needs --note.")
@with_json
@with_config
def publish(config: Path | None, note: str, codes: tuple[str, ...], as_json: bool) -> None:
    """Check the draft and publish it as a new version, from which customers are answered."""
    from faqbot.services.checks.findings import Override

    overrides = [Override(code, note) for code in codes]
    publishing = container(config).publishing
    version = publishing.publish(note, StagePace(), overrides)
    if as_json:
        print_json(to_json(version))
        return
    show(version_line(version), *threshold_lines(publishing.thresholds(version.number)))


@click.command()
@click.argument("version", required=False, type=click.IntRange(1))
@with_json
@with_config
def rollback(config: Path | None, version: int | None, as_json: bool) -> None:
    """Go back to an earlier version; default: the one that customers had before the current one."""
    info = container(config).publishing.rollback(version)
    print_json(to_json(info)) if as_json else show(version_line(info))


@click.group(invoke_without_command=True)
@with_json
@with_config
@click.pass_context
def versions(context: click.Context, config: Path | None, as_json: bool) -> None:
    """List the published versions, newest first."""
    if context.invoked_subcommand:
        return
    from faqbot.services.values.replies import VersionList

    rows = container(config).publishing.versions()
    if as_json:
        print_json(to_json(VersionList(tuple(rows))))
    elif not rows:
        show(_("Nothing has been published yet."))
    else:
        show(*(version_line(row) for row in rows))


@versions.command()
@click.argument("earlier", required=False, type=click.IntRange(1))
@click.argument("later", required=False, type=click.IntRange(1))
@with_json
@with_config
def diff(config: Path | None, earlier: int | None, later: int | None, as_json: bool) -> None:
    """List the differences between two versions; default: between the current version and the draft."""
    from faqbot.services.publishing.version_diff import compare_versions

    parts = container(config).storage
    found = compare_versions(parts.versions, parts.draft, earlier, later)
    if as_json:
        print_json(to_json(found))
        return
    lines: list[str] = [
        *(f"+ {entry_id}" for entry_id in found.added),
        *(f"- {entry_id}" for entry_id in found.removed),
    ]
    for change in found.changed:
        lines.append(f"~ {change.entry_id}: {', '.join(change.fields)}")
        lines += [f"    + {text}" for text in change.wordings_added]
        lines += [f"    - {text}" for text in change.wordings_removed]
        if change.answer:
            before, after = change.answer
            lines.append(_("    answer: {before!r} -> {after!r}", before=before, after=after))
    added, removed, changed = len(found.added), len(found.removed), len(found.changed)
    show(
        *lines,
        _("{added} added, {removed} removed, {changed} changed.", added=added, removed=removed, changed=changed),
    )


def version_line(version: VersionInfo) -> Text:
    """One version for people."""
    name = _("version {number}", number=version.number)
    return _(
        "{name}  {time}  {entries}, {wordings}, model {model}{note}",
        name=_("{name} (current)", name=name) if version.current else name,
        time=version.created_at,
        entries=_n("{count} entry", "{count} entries", version.entries),
        wordings=_n("{count} wording", "{count} wordings", version.wordings),
        model=version.model,
        note=f"  {version.note}" if version.note else "",
    )


def _report_lines(report: CheckReport) -> list[str]:
    lines = [_finding_line(finding) for finding in report.findings[:_SHOWN]]
    if len(report.findings) > _SHOWN:
        lines.append(_("and {count} more; --json lists them all.", count=len(report.findings) - _SHOWN))
    if not report.complete:
        lines.append(_("The checks of meaning run once no wording is empty."))
    blocking = len(report.blocking)
    verdict = (
        _n("{count} finding stops a publication", "{count} findings stop a publication", blocking)
        if blocking
        else _("The draft can be published")
    )
    warnings = _n("{count} warning", "{count} warnings", len(report.findings) - blocking)
    return [*lines, _("{verdict}; {warnings}.", verdict=verdict, warnings=warnings)]


def _finding_line(finding: Finding) -> Text:
    return _(
        "{severity}  {code}  {ids}: {explanation}",
        severity=padded(_("blocking") if finding.severity == "blocking" else _("warning"), 8),
        code=finding.code,
        ids=", ".join(finding.entry_ids),
        explanation=finding.explanation,
    )
