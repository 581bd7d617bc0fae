from __future__ import annotations

import pytest

from faqbot.formats.cells.format_code import UnknownFormatError
from faqbot.formats.cells.shown import shown_number

ACCOUNT = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '


# What Excel shows; 45972 is 11 November 2025, a Tuesday.
@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.15, "0%", "15%"),
        (0.035, "0.0%", "3.5%"),
        (106612345, "0000000000", "0106612345"),
        (12000, "#,##0", "12,000"),
        (1299.5, '"¥"#,##0.00', "¥1,299.50"),
        (1299.5, "[$¥-804]#,##0.00", "¥1,299.50"),
        (1234.5, "#,##0.00\\ [$€-407]", "1,234.50 €"),
        (-1234.5, "#,##0.00;[Red]-#,##0.00", "-1,234.50"),
        (-1234, "#,##0_);(#,##0)", "(1,234)"),
        (-1234.5, ACCOUNT, "-1,234.50"),
        (0, ACCOUNT, "-"),
        (1234567, '#,##0,"K"', "1,235K"),
        (1e6, '0.0,,"M"', "1.0M"),
        (13812345678, "000-0000-0000", "138-1234-5678"),
        (5551234567, "(000) 000-0000", "(555) 123-4567"),
        (0.5, "# ?/?", "1/2"),
        (1.75, "# ?/?", "1 3/4"),
        (0.333, "# ??/??", "1/3"),
        (2.625, "# ?/8", "2 5/8"),
        (3, "# ?/?", "3"),
        (12345678901, "General", "12345678901"),
        (123456789012, "General", "1.23457E+11"),
        (0.1 + 0.2, "General", "0.3"),
        (3.14159265358979, "General", "3.141592654"),
        (0.00001234, "General", "1.234E-05"),
        (-5.5, "General", "-5.5"),
        (0, "General", "0"),
        (123456, "0.00E+00", "1.23E+05"),
        (12345, "##0.0E+0", "12.3E+3"),
        (1.005, "0.00", "1.01"),
        (2.5, "0", "3"),
        (-0.2, "0", "0"),
        (5, '0"天"', "5天"),
        (1, '"是";;"否"', "是"),
        (0, '"是";;"否"', "否"),
        (500, '[>100]"many";0', "many"),
        (5, '[>100]"many";0', "5"),
        (42, "@", "42"),
        (0, "0;-0;;@", ""),
        (45972 + 8.5 / 24, "yyyy-mm-dd hh:mm", "2025-11-11 08:30"),
        (8.5 / 24, "h:mm", "8:30"),
        (13.5 / 24, "h:mm AM/PM", "1:30 PM"),
        (45972, 'yyyy"年"m"月"d"日"', "2025年11月11日"),
        (45972, "d-mmm-yy", "11-Nov-25"),
        (45972, "dddd, d mmmm", "Tuesday, 11 November"),
        (45972, "[$-804]aaaa", "星期二"),
        (45972, "[$-F800]dddd, mmmm dd, yyyy", "2025-11-11"),
        (1.5, "[h]:mm", "36:00"),
        (0.0003, "mm:ss.0", "00:25.9"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
    ],
)
def test_a_number_is_shown_as_the_spreadsheet_shows_it(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


def test_days_may_count_from_1904() -> None:
    # 1 January 1904 is day 0 there, 1,462 days after Excel's own day 0.
    assert shown_number(0, "yyyy-mm-dd", since_1904=True) == "1904-01-01"


@pytest.mark.parametrize(
    ("value", "code"),
    [(-1, "yyyy-mm-dd"), (1e9, "yyyy-mm-dd"), (1, "[$-411]ggge"), (45972, "[$-40C]mmmm"), (1, "[Foo]0")],
)
def test_what_is_not_understood_is_refused_not_guessed(value: float, code: str) -> None:
    with pytest.raises(UnknownFormatError):
        shown_number(value, code)
