"""The rules that every row of every format has to keep, and what a file becomes.

What is wrong with a row is a value, collected and reported with its place; what is wrong with the whole
file is an exception.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from faqbot.formats import columns, serving_columns
from faqbot.formats.columns import BadValueError
from faqbot.formats.losses import Loss
from faqbot.formats.sanitising import safe_answer
from faqbot.knowledge import Entry, match_key

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a format read it.

    Attributes:
        line: Line of the file where it starts, from 1; in a spreadsheet the row's number.
        values: Value per column (`faqbot.formats.columns.COLUMNS`), of whatever type the format has.
    """

    line: int
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RowError:
    """One reason why a row is not imported.

    Attributes:
        line: Line of the file where the row starts, from 1.
        column: The column at fault; empty when it is the row as a whole.
        message: One sentence for people that says what to change.
        kind: `invalid`: it breaks a rule; `conflict`: it contradicts an earlier row; `duplicate`: it says the same
            as an earlier row.
    """

    line: int
    column: str
    message: str
    kind: Literal["invalid", "conflict", "duplicate"] = "invalid"


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """Everything that a file says.

    Attributes:
        entries: (line, entry) of every valid row, in the order of the file.
        stated: Which columns each of these rows states, in the same order.
        errors: What is wrong with the others.
        encoding: Text encoding that was found, such as `utf-8` or `gb18030`; empty for xlsx.
        format: `csv`, `xlsx`, `json`, `jsonl` or `yaml`.
        losses: What was left aside.
        origin: The program whose export it is, such as `QnABot`; empty for our own columns.
    """

    entries: tuple[tuple[int, Entry], ...]
    errors: tuple[RowError, ...]
    encoding: str
    format: str
    losses: tuple[Loss, ...] = ()
    origin: str = ""
    stated: tuple[frozenset[str], ...] = ()


def read_entry(row: Row) -> Entry | list[RowError]:
    """Check one row by itself; every fault is reported, not only the first.

    An id that is not given is derived from the question, so that the same question gets the same id again.
    """
    errors: list[RowError] = []

    def take(column: str, read: Callable[[object], _T], default: _T) -> _T:
        try:
            return read(row.values.get(column))
        except BadValueError as error:
            errors.append(RowError(row.line, column, f"Column '{column}' {error}."))
            return default

    question = take("question", columns.question, "")
    entry = Entry(
        entry_id=take("id", columns.identifier, "") or derived_id(question),
        standard_question=question,
        similar_questions=take("similar", columns.similar, ()),
        answer=safe_answer(take("answer", columns.answer, "")),
        language=take("language", columns.language, ""),
        category=take("category", columns.line, ""),
        tags=take("tags", columns.tags, ()),
        enabled=take("enabled", columns.enabled, True),
        valid_from=take("valid_from", serving_columns.moment, ""),
        valid_until=take("valid_until", serving_columns.moment, ""),
        segments=take("segments", serving_columns.segments, ()),
        prompts=take("prompts", serving_columns.prompts, ()),
        attachments=take("attachments", serving_columns.attachments, ()),
        answer_threshold=take("answer_threshold", serving_columns.answer_threshold, None),
    )
    if entry.starts >= entry.ends:
        errors.append(
            RowError(row.line, "valid_until", "Column 'valid_until' is not after 'valid_from'; mend one of them.")
        )
    return errors or entry


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A valid row: the entry that it describes, and which columns it states."""

    line: int
    entry: Entry
    stated: frozenset[str]


def read_entries(rows: Iterable[Row | RowError]) -> tuple[list[ReadRow], list[RowError]]:
    """Check rows by themselves and against each other.

    Returns:
        (every valid row, every error).
    """
    found: list[ReadRow] = []
    errors: list[RowError] = []
    first: dict[str, ReadRow] = {}
    for row in rows:
        if isinstance(row, RowError):
            errors.append(row)
            continue
        entry = read_entry(row)
        if isinstance(entry, list):
            errors.extend(entry)
        elif entry.entry_id in first:
            errors.append(_repeated(row, entry, first[entry.entry_id]))
        else:
            first[entry.entry_id] = ReadRow(row.line, entry, frozenset(row.values))
            found.append(first[entry.entry_id])
    return found, errors


def derived_id(question: str) -> str:
    """An id made of the question alone: `q-` and 12 hexadecimal digits of the SHA-256 of its `match_key`."""
    return "q-" + hashlib.sha256(match_key(question).encode("utf-8")).hexdigest()[:12]


def to_record(entry: Entry) -> dict[str, object]:
    """An entry as one value per column, in the order of export; lists stay lists."""
    values: Sequence[object] = (
        entry.entry_id,
        entry.standard_question,
        list(entry.similar_questions),
        entry.answer,
        entry.language,
        entry.category,
        list(entry.tags),
        entry.enabled,
        entry.valid_from,
        entry.valid_until,
        list(entry.segments),
        list(entry.prompts),
        list(entry.attachments),
        entry.answer_threshold,
    )
    return dict(zip(columns.COLUMNS, values, strict=True))


def to_cells(entry: Entry) -> list[str]:
    """An entry as one text per column, in the order of export."""
    record = to_record(entry)
    record["similar"] = columns.similar_cell(entry.similar_questions)
    record["tags"] = columns.tags_cell(entry.tags)
    record["enabled"] = "true" if entry.enabled else "false"
    record["segments"] = columns.tags_cell(entry.segments)
    record["prompts"] = serving_columns.prompts_cell(entry.prompts)
    record["attachments"] = serving_columns.links_cell(entry.attachments)
    return ["" if value is None else str(value) for value in record.values()]


def _repeated(row: Row, entry: Entry, first: ReadRow) -> RowError:
    by_id = bool(columns.line(row.values.get("id")))
    column = "id" if by_id else "question"
    # Without ids the two questions are the same wording, whatever their punctuation.
    if entry == (first.entry if by_id else replace(first.entry, standard_question=entry.standard_question)):
        return RowError(row.line, column, f"The row says the same as line {first.line} and is left out.", "duplicate")
    if by_id:
        message = f"Id '{entry.entry_id}' is used in line {first.line} already; give every row its own."
    else:
        message = f"The question is the same as in line {first.line}; merge the two rows or give them ids."
    return RowError(row.line, column, message, "conflict")
