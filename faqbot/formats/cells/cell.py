"""One cell of a spreadsheet: its value, format, formula and link as the text that a reader sees."""

from __future__ import annotations

from dataclasses import dataclass

from faqbot.formats.cells.format_code import UnknownFormatError
from faqbot.formats.cells.rich import hyperlink_of, is_picture, is_web, linked
from faqbot.formats.cells.shown import is_power, shown_number
from faqbot.formats.rows.columns import RichText, UnreadableCell
from faqbot.formats.tables.sheet import Extra, column_name
from faqbot.language import _

# Excel keeps 15 digits of a number. One that came as `1.23E+11` from a csv file has lost its others before.
_DIGITS_KEPT = 10**15
_LONG = 10**11
# Excel's own formats that follow the reader's country: shown so that nobody mistakes the month for the day.
_OF_THE_COUNTRY = {14: "yyyy-mm-dd", 22: "yyyy-mm-dd hh:mm"}
_OF_THE_COUNTRY |= dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd")
_OF_THE_COUNTRY |= {32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 55: "h:mm", 56: "h:mm:ss"}


@dataclass
class CellNotes:
    """What a sheet's cells hold that text cannot: how often.

    Attributes:
        pictures: In cells or over them.
        comments: Of whoever edits the file.
        dead_links: To other places of the workbook, or to files on somebody's disk.
        formula_links: Links whose address a formula puts together.
    """

    pictures: int = 0
    comments: int = 0
    dead_links: int = 0
    formula_links: int = 0

    def formula(self, formula: str, shown: object, row: int, column: int) -> object:
        """What a cell with a formula shows, given its last value."""
        if is_picture(formula) or (isinstance(shown, str) and is_picture(shown)):
            self.pictures += 1
            return None
        if link := hyperlink_of(formula):
            return shown_link(shown if shown not in (None, "") else link[1] or link[0], link[0], self)
        if "HYPERLINK(" in formula.upper():
            self.formula_links += 1
        if shown is None:
            return UnreadableCell(
                _(
                    "holds a formula without its result in cell {cell}; open the file in a spreadsheet program and "
                    "save it again",
                    cell=_place(row, column),
                )
            )
        return shown

    def extras(self) -> tuple[Extra, ...]:
        """What is left aside."""
        found = (
            Extra(_("pictures"), self.pictures, _("answers hold text; put a link to the picture into the answer")),
            Extra(_("comments"), self.comments, _("they are for whoever edits the file")),
            Extra(_("links inside the file"), self.dead_links, _("they lead nowhere from outside the file")),
            Extra(_("links made by formulas"), self.formula_links, _("their address is not stored in the file")),
        )
        return tuple(extra for extra in found if extra.count)


def shown_cell(
    value: float | str | bool | None, code: str, row: int, column: int, *, since_1904: bool = False
) -> object:
    """A text, truth value or number as it is shown, or why it cannot be used.

    Args:
        value: What the cell holds; a date or time as a number.
        code: The number format of a number.
        row: From 1, for messages.
        column: From 0, for messages.
        since_1904: Whether days count from the first day of 1904.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if not isinstance(value, float):
        return value
    if code in ("@", "General") and value.is_integer() and abs(value) < _DIGITS_KEPT:
        # Shown as a power of ten where it is long, and yet its digits are there and are what is meant.
        code = "0"
    elif code == "@":
        code = "General"
    try:
        shown = shown_number(value, code, since_1904=since_1904)
    except (UnknownFormatError, ArithmeticError, ValueError, OverflowError):
        return UnreadableCell(
            _(
                "has the number {value} in cell {cell} in a format that is not known here ({code}); format the cell "
                "as text and write what it should show",
                value=repr(value),
                cell=_place(row, column),
                code=code[:60],
            )
        )
    if value.is_integer() and ((is_power(shown) and abs(value) >= _LONG) or abs(value) >= _DIGITS_KEPT):
        return UnreadableCell(
            _(
                "shows {shown} in cell {cell}, a long number that the spreadsheet cut; format the cell as text and "
                "write the number anew",
                shown=shown,
                cell=_place(row, column),
            )
        )
    return shown


def of_the_country(number: int) -> str:
    """The format code for one of Excel's own formats whose order of day and month is the reader's; else empty."""
    return _OF_THE_COUNTRY.get(number, "")


def shown_error(error: str, row: int, column: int) -> UnreadableCell:
    """A cell that shows `#N/A` or another error."""
    return UnreadableCell(
        _("shows the error {error} in cell {cell}; mend the formula there", error=error[:20], cell=_place(row, column))
    )


def shown_link(shown: object, address: str, notes: CellNotes) -> object:
    """A cell that leads somewhere."""
    if isinstance(shown, UnreadableCell):
        return shown
    if not is_web(address):
        notes.dead_links += 1
        return shown
    return linked(shown if isinstance(shown, RichText | str) else None, address)


def _place(row: int, column: int) -> str:
    return f"{column_name(column)}{row}"
