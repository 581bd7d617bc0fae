"""A table of an HTML page as a table in Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field

_WIDEST_SPAN = 20


@dataclass
class Table:
    """The rows of a table that is being read.

    Attributes:
        rows: The cells of each row, in one line each.
        has_header: Whether the first row holds headings.
    """

    rows: list[list[str]] = field(default_factory=list)
    has_header: bool = False

    def add_cell(self, text: str, *, heading: bool, span: str) -> None:
        """Put a cell behind the others of its row."""
        if not self.rows:
            self.rows.append([])
        if len(self.rows) == 1 and not self.rows[0]:
            self.has_header = heading
        columns = min(int(span), _WIDEST_SPAN) if span.isascii() and span.isdecimal() else 1
        self.rows[-1] += [in_one_line(text).replace("|", "\\|"), *[""] * (columns - 1)]

    def markdown(self) -> str:
        """Rows under a header; a single column, which no table is needed for, as lines. Its length is linear."""
        rows = [row for row in self.rows if any(row)]
        columns = max(map(len, rows), default=0)
        if columns <= 1:
            return "\n".join(row[0].replace("\\|", "|") for row in rows)
        header, body = (rows[0], rows[1:]) if self.has_header else ([], rows)
        header = header + [""] * (columns - len(header))
        return "\n".join(f"| {' | '.join(row)} |" for row in (header, ["---"] * columns, *body))


def in_one_line(text: str) -> str:
    """The lines of a cell one after the other, since Markdown's cells have one line."""
    lines = (line.removeprefix("- ") for line in map(str.strip, text.split("\n")))
    return "; ".join(" ".join(line.split()) for line in lines if line)
