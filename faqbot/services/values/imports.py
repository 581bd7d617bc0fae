"""What becomes of a file and its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from faqbot.formats import Loss

RowVerdictName = Literal["new", "changed", "same", "duplicate", "conflict", "invalid"]
ROW_VERDICTS: tuple[RowVerdictName, ...] = get_args(RowVerdictName)


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What an import makes of one row.

    Attributes:
        line: Line of the file where the row starts, from 1.
        entry_id: The entry that it adds or changes; empty where it does neither.
        verdict: `new`; `changed`; `same`: the draft says so already; `duplicate`: an earlier row says so already, it is
            left out; `conflict`: it contradicts an earlier row, or fits several entries; `invalid`: it breaks a rule.
        column: The column at fault; empty when there is none.
        message: What changes, or what to mend; may be empty.
        sheet: Where several sheets of a file were read, which one it stands in; otherwise empty.
    """

    line: int
    entry_id: str
    verdict: RowVerdictName
    column: str = ""
    message: str = ""
    sheet: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether nothing is imported for its sake."""
        return self.verdict in ("invalid", "conflict")


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """The outcome of one import, without its rows; nothing was written where `applied` is false.

    Attributes:
        file: Its name.
        encoding: The text encoding that was found; empty for xlsx.
        origin: The program whose export it is; empty for our own columns.
        applied: Whether the draft was changed.
        counts: Rows by verdict.
        removed: Entries that left the draft because the file replaced it.
        losses: What the file holds that has no home here.
        notes: What was found where in the file, for people.
        doubts: What was taken for something without being told; to replace or publish with these has to be confirmed.
    """

    file: str
    encoding: str
    origin: str
    applied: bool
    counts: Mapping[RowVerdictName, int]
    removed: int
    losses: tuple[Loss, ...]
    notes: tuple[str, ...]
    doubts: tuple[str, ...]

    def count(self, verdict: RowVerdictName) -> int:
        """How many rows got this verdict."""
        return self.counts[verdict]


@dataclass(frozen=True, slots=True)
class ImportReport(ImportSummary):
    """The outcome of one import, row by row.

    Attributes:
        rows: What became of each row, in the order of the file.
    """

    rows: tuple[RowVerdict, ...]

    @property
    def refused(self) -> tuple[RowVerdict, ...]:
        """The rows for whose sake nothing is imported."""
        return tuple(row for row in self.rows if row.is_refused)

    @property
    def changes(self) -> bool:
        """Whether the draft is not what the file wants it to be."""
        return bool(self.removed or self.count("new") or self.count("changed"))


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows of a file in its order.

    Attributes:
        next: Send it as `after` for the page behind this one; null on the last.
        total: Rows with this verdict, or all.
    """

    rows: tuple[RowVerdict, ...]
    next: int | None
    total: int


def counts_of(rows: Iterable[RowVerdict]) -> dict[RowVerdictName, int]:
    """How many rows got each verdict; one that breaks several rules is one row."""
    found = Counter(verdict for verdict, _sheet, _line in {(row.verdict, row.sheet, row.line) for row in rows})
    return {verdict: found[verdict] for verdict in ROW_VERDICTS}
