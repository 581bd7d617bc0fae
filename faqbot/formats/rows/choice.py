"""What a person says about a file's tables, where the file does not say it itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from faqbot.errors import InvalidRequest
from faqbot.formats.rows.columns import COLUMNS, column_of
from faqbot.language import _


@dataclass(frozen=True, slots=True)
class Choice:
    """Which columns mean what, and which sheets are read.

    Attributes:
        columns: Heading, or letter of a column (`B`), by the column of ours that it is.
        sheets: Names of the sheets to read; none: all that hold questions and answers.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[str] = (), sheets: Iterable[str] = ()) -> Choice:
        """Read `question=客户问题` and its like.

        Raises:
            InvalidRequest: A pair has no `=`, or names no column of ours, or one a second time.
        """
        columns: dict[str, str] = {}
        for pair in pairs:
            name, is_pair, heading = pair.partition("=")
            column = column_of(name.strip())
            if not is_pair or not heading.strip() or column is None:
                raise InvalidRequest(
                    _(
                        "'{pair}' says no column; write it as question=HEADING, with one of {columns} in front.",
                        pair=pair[:60],
                        columns=list(COLUMNS),
                    )
                )
            if column in columns:
                raise InvalidRequest(_("The column of '{column}' is said twice; keep one.", column=column))
            columns[column] = heading.strip()
        return cls(columns, tuple(sheets))

    def takes(self, sheet: str) -> bool:
        """Whether a sheet is among those to read."""
        return not self.sheets or any(self.names(name, sheet) for name in self.sheets)

    def names(self, name: str, sheet: str) -> bool:
        """Whether a name that a person wrote is that of a sheet."""
        return name == sheet or " ".join(name.split()).casefold() == " ".join(sheet.split()).casefold()
