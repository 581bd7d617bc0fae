"""The draft and files: import and export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from faqbot.cli.options import FILE, container, print_json, with_config, with_json
from faqbot.cli.pace import StagePace
from faqbot.cli.publishing_commands import version_line
from faqbot.cli.terminal import give_up, say, show, spoken
from faqbot.contract import to_json
from faqbot.errors import FaqbotError
from faqbot.language import Text, _, _n

if TYPE_CHECKING:
    from faqbot.services.draft.importing import Importer, ImportTerms
    from faqbot.services.values.imports import ImportReport, RowVerdict, RowVerdictName

_SHOWN_ROWS = 20
_MAP = "Which column is which, by its heading or letter: question=客户问题, answer=D."
_SHEET = "Sheet to read; can be given several times. Default: all that hold questions."
_VERDICTS: dict[RowVerdictName, Text] = {
    "new": _("new"),
    "changed": _("changed"),
    "same": _("same"),
    "duplicate": _("duplicate"),
    "conflict": _("conflict"),
    "invalid": _("invalid"),
}


_Command = TypeVar("_Command", bound=Callable[..., object])


def with_terms(command: _Command) -> _Command:
    """Give a command the options that say what is meant in a file and what is to happen with it, as `terms`."""

    @wraps(command)
    def agreed(*, pairs: tuple[str, ...], sheets: tuple[str, ...], **others: Any) -> object:  # noqa: ANN401
        from faqbot.formats import Choice
        from faqbot.services.draft.importing import ImportTerms

        said = {name: others.pop(name) for name in ("publish", "confirmed", "skip_invalid")}
        return command(terms=ImportTerms(Choice.of(pairs, sheets), **said), **others)

    options = (
        click.option("--publish", is_flag=True, help="Publish the draft afterwards."),
        click.option("--map", "pairs", multiple=True, metavar="COLUMN=HEADING", help=_MAP),
        click.option("--sheet", "sheets", multiple=True, metavar="NAME", help=_SHEET),
        click.option("--skip-invalid", is_flag=True, help="Take the good rows; write the others to NAME.rejected.*."),
        click.option("--yes", "confirmed", is_flag=True, help="Go on with what the import would ask about."),
    )
    for option in reversed(options):
        agreed = option(agreed)
    return agreed  # type: ignore[return-value]


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--dry-run", is_flag=True, help="Only report; change nothing.")
@click.option("--replace", is_flag=True, help="Also remove entries that the file does not contain.")
@with_terms
@with_json
@with_config
def import_command(
    config: Path | None, files: tuple[Path, ...], dry_run: bool, replace: bool, terms: ImportTerms, as_json: bool
) -> None:
    """Import csv, xlsx, json, jsonl or yaml files, or other programs' exports, into the draft: every row, or none."""
    parts = container(config, creates=True)
    if replace and len(files) > 1:
        raise click.UsageError(spoken(_("--replace takes one file only.")))
    if replace:
        reports = [parts.importer.import_file(files[0], dry_run=dry_run, replace=True, terms=terms)]
    else:
        reports = parts.importer.import_files(files, dry_run=dry_run, terms=terms)
    if not as_json:
        # Before publishing, which takes a while.
        for report in reports:
            show(*_report_lines(report, dry_run=dry_run))
            _show_rows(report, preview=dry_run)
    version, refusal = None, _refused_rows(reports)
    _write_rejected(parts.importer, files, reports, terms)
    if terms.publish and not dry_run and not refusal:
        try:
            version = parts.publishing.publish(progress=StagePace())
        except FaqbotError as error:
            refusal = _("The rows are in the draft, but nothing was published. {reason}", reason=error.message)
    if as_json:
        print_json({"files": [to_json(one) for one in reports], "version": to_json(version) if version else None})
    elif version:
        show(version_line(version))
    if refusal:
        give_up(refusal)


@click.command()
@click.argument("file", type=FILE)
@with_config
def export(config: Path | None, file: Path) -> None:
    """Write the draft to a csv, xlsx, json, jsonl or yaml file."""
    from faqbot.formats import write_file

    entries = container(config).storage.draft.entries()
    write_file(file, entries)
    show(_n("{count} entry written to {file}.", "{count} entries written to {file}.", len(entries), file=file))


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count; change nothing.")
@with_json
@with_config
def prune(config: Path | None, dry_run: bool, as_json: bool) -> None:
    """Remove vectors of texts that are neither in the draft nor in any version."""
    pruned = container(config).storage.vectors.prune(dry_run=dry_run)
    if as_json:
        print_json({**to_json(pruned), "dry_run": dry_run})
    else:
        done = (
            _n("{count} unused vector would be removed", "{count} unused vectors would be removed", pruned.removed)
            if dry_run
            else _n("{count} unused vector removed", "{count} unused vectors removed", pruned.removed)
        )
        show(_("{done}, {kept} kept.", done=done, kept=pruned.kept))


def _write_rejected(
    importer: Importer, files: Sequence[Path], reports: Sequence[ImportReport], terms: ImportTerms
) -> None:
    """The rows that were left out, beside each file, under a name that is not taken yet."""
    for file, report in zip(files, reports, strict=True):
        if not report.applied or not report.refused:
            continue
        if found := importer.rejected(file.name, file.read_bytes(), terms):
            names = (f"{Path(found.name).stem}-{number}.{found.format}" for number in range(2, 1000))
            path = next(path for name in (found.name, *names) if not (path := file.with_name(name)).exists())
            _write(path, found.content)
            told = _n(
                "{count} row was left out; mend it in {path} and import that file.",
                "{count} rows were left out; mend them in {path} and import that file.",
                found.count,
                path=path,
            )
            say(told)


def _write(path: Path, content: bytes) -> None:
    from faqbot.errors import FileError

    try:
        path.write_bytes(content)
    except OSError as error:
        raise FileError(
            _("{path} cannot be written: {reason}; choose another place.", path=path, reason=error.strerror)
        ) from None


def _refused_rows(reports: list[ImportReport]) -> Text | None:
    """Why nothing was imported, with the first row at fault; nothing where every row is fine."""
    bad = [(report, row) for report in reports for row in report.refused]
    if not bad or all(report.applied for report in reports):
        return None
    # A row may break several rules.
    count = sum(len({(row.sheet, row.line) for row in report.refused}) for report in reports)
    refused = _n(
        "{count} row cannot be imported, so nothing was imported.",
        "{count} rows cannot be imported, so nothing was imported.",
        count,
    )
    return _("{refused} {first}", refused=refused, first=_row_line(*bad[0]))


def _row_line(report: ImportReport, row: RowVerdict) -> Text:
    from faqbot.formats import place_of

    if row.column:
        return _(
            "{file}, {place}, column {column}: {message}",
            file=report.file,
            place=place_of(row.line, row.sheet),
            column=row.column,
            message=row.message,
        )
    return _("{file}, {place}: {message}", file=report.file, place=place_of(row.line, row.sheet), message=row.message)


def _show_rows(report: ImportReport, *, preview: bool) -> None:
    """As far as a screen holds them: the rows that are refused; if none is, those that a preview would change."""
    from faqbot.formats import place_of

    changing = [row for row in report.rows if preview and row.verdict in ("changed", "duplicate")]
    telling = report.refused or changing
    for row in telling[:_SHOWN_ROWS]:
        name = row.entry_id or _VERDICTS[row.verdict]
        if row.is_refused and row.column:
            name = _("{name}, column {column}", name=name, column=row.column)
        show(_("  {place}, {name}: {message}", place=place_of(row.line, row.sheet), name=name, message=row.message))
    if len(telling) > _SHOWN_ROWS:
        show(_("  and {count} more; --json lists every row.", count=len(telling) - _SHOWN_ROWS))


def _report_lines(report: ImportReport, *, dry_run: bool) -> list[Text]:
    always = ("new", "changed", "same")
    names = [name for name in _VERDICTS if name in always or report.count(name)]
    counts = [_("{count} {verdict}", count=report.count(name), verdict=_VERDICTS[name]) for name in names]
    if report.removed:
        counts.append(_("{count} removed", count=report.removed))
    about = [part for part in (report.origin, report.encoding) if part]
    file = _("{file} ({about})", file=report.file, about=about) if about else report.file
    first = _("{file}: {counts}", file=file, counts=counts)
    if dry_run:
        first = _("{report} (dry run: nothing was written)", report=first)
    elif not report.applied:
        first = _("{report} (nothing was written)", report=first)
    notes = [_("  note: {note}", note=note) for note in report.notes]
    doubts = [_("  please check: {doubt}", doubt=doubt) for doubt in report.doubts]
    return [first, *notes, *doubts, *(_("  left aside: {loss}", loss=loss.told) for loss in report.losses)]
