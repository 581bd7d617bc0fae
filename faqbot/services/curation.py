"""Editing the draft: files in, files out, one entry at a time. Nothing here changes what customers get."""

from __future__ import annotations

from pathlib import Path

from faqbot.formats import ParsedFile, read_bytes, read_rows, to_bytes, write_file
from faqbot.knowledge import Entry
from faqbot.services.replies import ImportReport, RowVerdict
from faqbot.storage import Repository, StoredEntry


class CurationService:
    """The draft's use cases."""

    def __init__(self, repository: Repository) -> None:
        """Bind the storage."""
        self._repository = repository

    def import_file(self, path: Path, *, dry_run: bool = False, replace: bool = False) -> ImportReport:
        """Take a file's rows into the draft: all of them, or none where one is invalid.

        Args:
            path: csv, tsv, xlsx, json, jsonl or yaml, also other programs' exports.
            dry_run: Report only.
            replace: Entries that the file does not hold leave the draft.

        Raises:
            FileError: The file as a whole cannot be read.
        """
        return self._take(path.name, read_rows(path), dry_run, replace)

    def import_upload(self, name: str, content: bytes, *, dry_run: bool = False, replace: bool = False) -> ImportReport:
        """`import_file` for bytes that came with a file name."""
        return self._take(name, read_bytes(content, name), dry_run, replace)

    def export_file(self, path: Path) -> int:
        """Write the draft in the format of the file's ending; returns how many entries."""
        entries = self._repository.all_entries()
        write_file(path, entries)
        return len(entries)

    def export_bytes(self, file_format: str) -> bytes:
        """The draft in a format, for a download."""
        return to_bytes(file_format, self._repository.all_entries())

    def _take(self, name: str, parsed: ParsedFile, dry_run: bool, replace: bool) -> ImportReport:
        known = {entry.entry_id: entry for entry in self._repository.all_entries()}
        rows = [_judge(line, entry, known.get(entry.entry_id)) for line, entry in parsed.entries]
        rows += [RowVerdict(error.line, "", "invalid", error.column, error.message) for error in parsed.errors]
        kept = {entry.entry_id for _, entry in parsed.entries}
        gone = sorted(set(known) - kept) if replace and not parsed.errors else []
        applied = not dry_run and not parsed.errors
        if applied:
            changed = {row.entry_id for row in rows if row.verdict in ("new", "changed")}
            put = [entry for _, entry in parsed.entries if entry.entry_id in changed]
            self._repository.apply(put=put, delete=gone)
        rows.sort(key=lambda row: row.line)
        return ImportReport(name, parsed.encoding, tuple(rows), applied, len(gone), parsed.origin, parsed.losses)

    def get(self, entry_id: str) -> StoredEntry:
        """One entry with its revision.

        Raises:
            EntryNotFound: There is none with this id.
        """
        return self._repository.get_entry(entry_id)

    def search(
        self,
        *,
        text: str | None = None,
        category: str | None = None,
        language: str | None = None,
        tag: str | None = None,
        enabled: bool | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> list[Entry]:
        """Entries in the order of their ids, filtered; `after` continues behind an id."""
        return self._repository.list_entries(
            text=text, category=category, language=language, tag=tag, enabled=enabled, after=after, limit=limit
        )

    def count(self) -> int:
        """Entries in the draft."""
        return self._repository.count_entries()

    def create(self, entry: Entry) -> StoredEntry:
        """Add an entry.

        Raises:
            EntryExists: The id is taken.
        """
        self._repository.create_entry(entry)
        return self._repository.get_entry(entry.entry_id)

    def update(self, entry: Entry, *, expected_revision: int | None = None) -> StoredEntry:
        """Replace an entry.

        Raises:
            EntryNotFound: There is none with this id.
            EditConflict: It is no longer at the expected revision.
        """
        self._repository.update_entry(entry, expected_revision=expected_revision)
        return self._repository.get_entry(entry.entry_id)

    def delete(self, entry_id: str, *, expected_revision: int | None = None) -> None:
        """Remove an entry from the draft; errors as in `update`."""
        self._repository.delete_entry(entry_id, expected_revision=expected_revision)


def _judge(line: int, entry: Entry, known: Entry | None) -> RowVerdict:
    if known is None:
        return RowVerdict(line, entry.entry_id, "new")
    return RowVerdict(line, entry.entry_id, "same" if known == entry else "changed")
