"""Files into the draft. Nothing here changes what customers get."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from faqbot.errors import ConfirmationNeeded, EditConflict, InvalidRequest, RowsRefused
from faqbot.formats import Choice, Limits, ParsedFile, read_bytes, read_rows
from faqbot.knowledge import Entry
from faqbot.language import _
from faqbot.services.draft.import_plan import ImportPlan, plan_import
from faqbot.services.draft.rejected_rows import RejectedFile, rejected_file
from faqbot.services.values.imports import ImportReport
from faqbot.storage import Draft

# How often an import is judged anew because somebody edits the same entries.
_ATTEMPTS = 3
_LIMITS = Limits()


@dataclasses.dataclass(frozen=True, slots=True)
class ImportTerms:
    """What a person says about a file and what is to happen with it.

    Attributes:
        choice: Which columns and sheets are meant.
        publish: Whether the draft is published afterwards.
        confirmed: Whether somebody knows what the import was going to ask.
        skip_invalid: Take the good rows and leave the others out; `Importer.rejected` gives these as a file.
    """

    choice: Choice = dataclasses.field(default_factory=Choice)
    publish: bool = False
    confirmed: bool = False
    skip_invalid: bool = False


_TERMS = ImportTerms()


class Importer:
    """Takes files into the draft, whole or not at all."""

    def __init__(self, draft: Draft, limits: Limits = _LIMITS) -> None:
        """Bind the draft; `limits` say how large a file may be."""
        self._draft = draft
        self._limits = limits

    def import_file(
        self, path: Path, *, dry_run: bool = False, replace: bool = False, terms: ImportTerms = _TERMS
    ) -> ImportReport:
        """Take a file's rows into the draft: all of them, or none where one is refused.

        Args:
            path: csv, tsv, xlsx, json, jsonl or yaml, also other programs' exports.
            dry_run: Report only.
            replace: The file is the whole knowledge base: what it does not state is empty, and entries that it does
                not hold leave the draft.
            terms: What a person says about the file and what is to happen with it.

        Raises:
            FileError: The file as a whole cannot be read, or is to replace everything and holds nothing.
            ConfirmationNeeded: It was guessed what the columns are, and the draft is to be replaced or published.
            EditConflict: Somebody keeps editing the same entries.
        """
        [report] = self._take([(path.name, read_rows(path, self._limits, terms.choice))], dry_run, replace, terms)
        return report

    def import_files(
        self, paths: Sequence[Path], *, dry_run: bool = False, terms: ImportTerms = _TERMS
    ) -> list[ImportReport]:
        """Several files, one after the other, in one transaction: none is taken where a row of one is refused."""
        return self._take(
            [(path.name, read_rows(path, self._limits, terms.choice)) for path in paths], dry_run, terms=terms
        )

    def import_upload(
        self,
        name: str,
        content: bytes,
        *,
        dry_run: bool = False,
        replace: bool = False,
        terms: ImportTerms = _TERMS,
        judged: Callable[[ImportReport], None] | None = None,
    ) -> ImportReport:
        """`import_file` for bytes that came with a file name; `judged` hears of the rows before anything is written."""
        parsed = read_bytes(content, name, self._limits, terms.choice)
        [report] = self._take([(name, parsed)], dry_run, replace, terms, judged)
        return report

    def rejected(self, name: str, content: bytes, terms: ImportTerms = _TERMS) -> RejectedFile | None:
        """The rows of a file that are not imported, as a file of the same shape; None where there are none.

        Raises:
            FileError: The file as a whole cannot be read.
        """
        parsed = read_bytes(content, name, self._limits, terms.choice)
        return rejected_file(name, parsed, plan_import(parsed, self._draft.entries(), skip_invalid=True).rows)

    def _take(
        self,
        files: Sequence[tuple[str, ParsedFile]],
        dry_run: bool,
        replace: bool = False,
        terms: ImportTerms = _TERMS,
        judged: Callable[[ImportReport], None] | None = None,
    ) -> list[ImportReport]:
        for name, parsed in files:
            _check_terms(name, parsed, terms, dry_run=dry_run, replace=replace)
        attempts = _ATTEMPTS
        while True:
            seen = self._draft.revisions()
            plans = _plan_in_turn([parsed for _, parsed in files], self._draft.entries(), replace, terms.skip_invalid)
            applied = not dry_run and not any(plan.is_refused for plan in plans)
            reports = [
                plan.report(name, parsed, applied=applied) for (name, parsed), plan in zip(files, plans, strict=True)
            ]
            if judged:
                for report in reports:
                    judged(dataclasses.replace(report, applied=False))
            try:
                if applied:
                    self._draft.apply(
                        put=[entry for plan in plans for entry in plan.put],
                        delete=[entry_id for plan in plans for entry_id in plan.delete],
                        seen=seen,
                        reason=f"import {', '.join(name for name, _ in files)}",
                    )
            except EditConflict:
                # Somebody edited one of these entries since it was read: judge the rows again.
                attempts -= 1
                if not attempts:
                    raise
            else:
                return reports


def _check_terms(name: str, parsed: ParsedFile, terms: ImportTerms, *, dry_run: bool, replace: bool) -> None:
    """Stop what would empty the knowledge base, or give customers what was only guessed."""
    if replace and not parsed.entries and not parsed.errors:
        raise RowsRefused(_("{name} holds no entry, and replacing with it would empty the knowledge base.", name=name))
    if replace and terms.skip_invalid:
        raise InvalidRequest(
            _("To replace everything, every row has to be right; leave out --skip-invalid (skip_invalid) or --replace.")
        )
    if parsed.doubts and not dry_run and (replace or terms.publish) and not terms.confirmed:
        raise _unconfirmed(name, parsed)


def _unconfirmed(name: str, parsed: ParsedFile) -> ConfirmationNeeded:
    return ConfirmationNeeded(
        _(
            "{name}: {doubt}. Look at it with a dry run; then confirm it (yes), say which columns they are "
            "(map question=HEADING), or import into the draft only.",
            name=name,
            doubt=parsed.doubts[0],
        ),
        list(parsed.doubts),
    )


def _plan_in_turn(
    files: Sequence[ParsedFile], draft: Sequence[Entry], replace: bool, skip_invalid: bool
) -> list[ImportPlan]:
    """Judge each file against the draft as the files before it leave it."""
    entries, plans = {entry.entry_id: entry for entry in draft}, []
    for parsed in files:
        plan = plan_import(parsed, entries.values(), replace_all=replace, skip_invalid=skip_invalid)
        entries.update({entry.entry_id: entry for entry in plan.put})
        plans.append(plan)
    return plans
