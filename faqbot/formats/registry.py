"""Every format by its ending, and the four ways in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from faqbot.errors import FileError, FileNotFound, FileTooLarge, UnreadableFile, UnsupportedFileType
from faqbot.formats.files import csv_format, json_format, jsonl_format, ods_format, xls_format, xlsx_format, yaml_format
from faqbot.formats.rows.choice import Choice
from faqbot.formats.rows.rows import ParsedFile, read_entries
from faqbot.formats.rows.source import Limits, RawFile, Source
from faqbot.knowledge import Entry
from faqbot.language import _

_DEFAULT = Limits()
_NO_CHOICE = Choice()


@dataclass(frozen=True, slots=True)
class Format:
    """One file format: how it is read and written."""

    read: Callable[[Source], RawFile]
    write: Callable[[Sequence[Entry]], bytes]


FORMATS = {
    "csv": Format(csv_format.read, csv_format.write),
    "xlsx": Format(xlsx_format.read, xlsx_format.write),
    "json": Format(json_format.read, json_format.write),
    "jsonl": Format(jsonl_format.read, jsonl_format.write),
    "yaml": Format(yaml_format.read, yaml_format.write),
}
_ENDINGS = {**{f".{name}": name for name in FORMATS}, ".yml": "yaml", ".tsv": "csv", ".xlsm": "xlsx"}
_ONLY_READ = {"xls": xls_format.read, "ods": ods_format.read}
_ENDINGS |= {f".{name}": name for name in _ONLY_READ}


def read_rows(path: Path | str, limits: Limits = _DEFAULT, choice: Choice = _NO_CHOICE) -> ParsedFile:
    """Read a knowledge-base file.

    Args:
        path: Its ending tells the format: .csv .tsv .xlsx .xlsm .xls .ods .json .jsonl .yaml
        limits: How large it may be.
        choice: What a person says about its tables.

    Returns:
        The valid entries and what is wrong with the other rows.

    Raises:
        FileNotFound: There is no such file.
        UnsupportedFileType: The ending is none of ours.
        UnreadableFile: The file is damaged, or not what its ending says.
        MissingColumn: Nothing in it is called a question.
        UnclearTable: A sheet looks like questions and answers, and somebody has to say which column is which.
        FileTooLarge: It exceeds a limit.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFound(_("There is no file {path}; check the path.", path=path))
    format_of(path.name)
    try:
        size = path.stat().st_size
        if size > limits.megabytes * 1e6:
            raise FileTooLarge(
                _(
                    "{file} has {size:.1f} MB, at most {limit:g} MB are read; split it.",
                    file=path.name,
                    size=size / 1e6,
                    limit=limits.megabytes,
                )
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(_("{path} cannot be read: {reason}.", path=path, reason=error.strerror)) from None
    return read_bytes(data, path.name, limits, choice)


def read_bytes(data: bytes, name: str, limits: Limits = _DEFAULT, choice: Choice = _NO_CHOICE) -> ParsedFile:
    """Read an uploaded file; as `read_rows`, with the file's name for its ending and for messages."""
    format_name = format_of(name)
    source = Source(Path(name).name, data, limits, choice)
    source.check_size()
    raw = (_ONLY_READ.get(format_name) or FORMATS[format_name].read)(source)
    rows, errors = read_entries(raw.rows)
    return ParsedFile(
        entries=tuple((row.line, row.entry) for row in rows),
        errors=tuple(errors),
        sheets=tuple(row.sheet for row in rows),
        notes=raw.notes,
        doubts=raw.doubts,
        encoding=raw.encoding,
        format=format_name,
        losses=raw.losses,
        origin=raw.origin,
        stated=tuple(row.stated for row in rows),
    )


def write_file(path: Path | str, entries: Sequence[Entry]) -> None:
    """Write entries to a file, whose ending tells the format; either the whole file is there or nothing changed.

    Raises:
        UnsupportedFileType: The ending is none of ours.
        FileError: The file cannot be written, or the format cannot hold an entry.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending in (".tsv", ".xlsm") or ending.removeprefix(".") in _ONLY_READ:
        raise UnsupportedFileType(
            _(
                "{file} ends in '{ending}', which is only read; write .csv or .xlsx instead.",
                file=path.name,
                ending=ending,
            )
        )
    data = to_bytes(format_of(path.name), entries)
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise FileError(
            _("{path} cannot be written: {reason}; choose another place.", path=path, reason=error.strerror)
        ) from None


def to_bytes(format_name: str, entries: Sequence[Entry]) -> bytes:
    """Write entries in a format.

    Args:
        format_name: `csv`, `xlsx`, `json`, `jsonl` or `yaml`.
        entries: In the order in which they are written.

    Raises:
        UnsupportedFileType: There is no such format.
        FileError: The format cannot hold an entry.
    """
    if format_name not in FORMATS:
        raise UnsupportedFileType(
            _(
                "There is no format '{format_name}'; use one of {formats}.",
                format_name=format_name,
                formats=list(FORMATS),
            )
        )
    return FORMATS[format_name].write(entries)


def format_of(name: str) -> str:
    """The format that a file's name ends in.

    Raises:
        UnsupportedFileType: The ending is none of ours.
    """
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise UnsupportedFileType(
            _(
                "{file} ends in '{ending}'; save it as one of {formats}.",
                file=Path(name).name,
                ending=ending,
                formats=[f".{known}" for known in FORMATS],
            )
        )
    return _ENDINGS[ending]
