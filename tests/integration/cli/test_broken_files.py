"""Files that people really upload by mistake, and files made to do harm: one clear line each, and nothing changes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from faqbot.cli import main

HEADER = "id,question,answer\n"
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: tuple[str, ...]) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return packed.getvalue()


GOOD = workbook(("id", "question", "answer"), ("a", "Q?", "A."))


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """The good workbook with another sheet in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == SHEET else data)
    return packed.getvalue()


def huge_cell(sheet: bytes) -> bytes:
    cell = b'<c r="A9" t="inlineStr"><is><t>' + b"a" * 250_000_000 + b"</t></is></c>"
    return sheet.replace(b"</sheetData>", b'<row r="9">' + cell + b"</row></sheetData>")


def entities(sheet: bytes) -> bytes:
    return sheet.replace(b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><worksheet ', 1)


def aliases() -> str:
    return "a: &a [x,x]\n" + "".join(f"{b}: &{b} [*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


# Name, content, and what the one line has to say.
FILES: list[tuple[str, bytes | str, str]] = [
    ("truncated.xlsx", GOOD[: len(GOOD) // 2], "is damaged"),
    ("text.xlsx", b"hello", "is damaged"),
    ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save it again as .xlsx"),
    ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "it is damaged, protected by a password, or no xls file"),
    ("bomb.xlsx", with_sheet(huge_cell), "unpacks to 250 MB, at most 200 MB"),
    ("entities.xlsx", with_sheet(entities), "cannot be read"),
    ("columns.xlsx", workbook(("foo", "bar"), ("1", "2")), "no column 'question' (also 问题 or 标准问); it has 'foo'"),
    ("formula.xlsx", workbook(("id", "question", "answer"), ("a", "", "=1+1")), "line 2, column question: Column"),
    ("empty.csv", b"", "it is empty"),
    ("columns.csv", "id,answer\na,b\n", "no column 'question'"),
    ("twice.csv", "id,question,问题,answer\na,b,c,d\n", "both mean 'question'. Say which column is which"),
    ("encoding.csv", HEADER.encode() + b"a,\xff\xfe\xfa\x81,b\n", "save it as UTF-8"),
    ("mark.csv", b"\xff\xfeq\x00u\x00e", "starts as UTF-16 and is not at byte 6"),
    ("binary.csv", bytes(range(256)) * 20, "not text in UTF-8, UTF-16, GB18030 or Big5"),
    ("ids.csv", HEADER + "a,Q1,b\na,Q2,c\n", "line 3, column id: Id 'a' is used in line 2"),
    ("quotes.csv", HEADER + 'a,"Q1,b\nc,Q2,d\n', "row that starts in line 2 do not match"),
    ("cells.csv", HEADER + "x,Q1,b\r\na,Q2,b,more\r", "line 3: The row has more cells than the header's 3"),
    ("short.csv", HEADER + "a\n", "line 2, column question: Column 'question' is empty"),
    ("long.csv", HEADER + "a," + "Q" * 200_000 + ",b\n", "is 200000 characters long; at most 1000"),
    ("wide.csv", ",".join(f"c{n}" for n in range(20_000)) + "\n", "'c7' and 19992 more"),
    ("date.csv", "question,answer,valid_from\nQ,A,31/12/2026\n", "line 2, column valid_from: Column 'valid_from' is"),
    ("nested.json", "[" * 100_000 + "]" * 100_000, "nested too deeply"),
    ("broken.json", '[{"id":"a","question":"q"', "not valid JSON at line 1, column 26"),
    ("scalar.json", '"hello"', "it must be a list of entries"),
    (
        "types.json",
        json.dumps([{"question": {"a": 1}, "answer": "x"}]),
        "line 1, column question: Column 'question' holds",
    ),
    ("number.json", '[{"question":"q","answer_threshold":' + "9" * 5000 + "}]", "too long"),
    ("names.json", '[\n{"id":"a","id":"b","question":"q"}]', "line 2, column id: The entry has two values for 'id'"),
    ("surrogate.json", '[{"question":"q\\ud800"}]', "half a character"),
    ("line.jsonl", '{"question":"a"}\n{"question": oops}\n', "line 2: The line is not valid JSON at column 14"),
    ("list.jsonl", '{"question":"a"}\n[1,2]\n', "line 2: The entry is not an object"),
    ("aliases.yaml", aliases(), "line 1 uses an anchor or alias"),
    ("python.yaml", "- !!python/object/apply:os.system ['id']\n", "line 1 uses the tag"),
    ("tabs.yaml", "- question: a\n\tanswer: b\n", "not valid YAML at line 2, column 1"),
]

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Commands on a database that holds one entry."""
    folder = tmp_path_factory.mktemp("broken")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAQBOT_STORAGE__DATABASE_URL", f"sqlite:///{folder}/faqbot.db")
        patch.chdir(folder)
        (folder / "good.xlsx").write_bytes(GOOD)
        assert CliRunner().invoke(main, ["import", "good.xlsx"]).exit_code == 0
        yield lambda *arguments: CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(("name", "content", "says"), FILES, ids=[name for name, *_ in FILES])
def test_a_broken_file_is_refused_with_its_place_and_changes_nothing(
    run: Run, name: str, content: bytes | str, says: str
) -> None:
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for options in ((), ("--replace",), ("--dry-run",)):
        refused = run("import", name, *options)
        assert refused.exit_code == 1
        assert says in refused.stderr
        assert name in refused.stderr
        assert refused.stderr.count("\n") == 1
    run("export", "out.csv")
    assert Path("out.csv").read_text("utf-8-sig").splitlines()[1].startswith("a,Q?,,A.,")
    assert len(Path("out.csv").read_text("utf-8-sig").splitlines()) == 2


def test_a_file_with_bad_rows_is_reported_whole_in_its_order(run: Run) -> None:
    Path("rows.csv").write_text("id,question,answer,enabled\nb,Q1,x,\nc,Q2,x,perhaps\na,Other?,A.,\nd,,x,\nb,Q3,x,\n")
    line = (
        "faqbot: 3 rows cannot be imported, so nothing was imported. rows.csv, line 3, column enabled: Column 'enabled'"
    )
    for options, nothing in (((), "nothing was written"), (("--dry-run",), "dry run: nothing was written")):
        shown = run("import", "rows.csv", *options)
        assert (shown.exit_code, shown.stderr.count("\n"), shown.stderr.startswith(line)) == (1, 1, True)
        first, *rows = shown.stdout.splitlines()
        assert first == f"rows.csv (utf-8): 1 new, 1 changed, 0 same, 1 conflict, 2 invalid ({nothing})"
        assert [row.split(":")[0] for row in rows] == [
            "  line 3, invalid, column enabled",
            "  line 5, invalid, column question",
            "  line 6, conflict, column id",
        ]
        printed = run("import", "rows.csv", "--json", *options)
        assert (printed.exit_code, printed.stderr) == (1, shown.stderr)
        told = json.loads(printed.stdout)
        assert told["version"] is None
        assert [row["line"] for row in told["files"][0]["rows"]] == [2, 3, 4, 5, 6]
        assert told["files"][0]["applied"] is False


def test_one_bad_file_leaves_the_report_of_the_good_one(run: Run) -> None:
    Path("one.csv").write_text(HEADER + "n,New?,x\n")
    Path("two.csv").write_text("id,question,answer,enabled\nm,,x,perhaps\n")
    printed = run("import", "one.csv", "two.csv", "--json")
    assert (printed.exit_code, printed.stderr.count("\n")) == (1, 1)
    # One row that breaks two rules.
    assert printed.stderr.startswith("faqbot: 1 row cannot be imported, so nothing was imported. two.csv, line 2, col")
    files = json.loads(printed.stdout)["files"]
    assert [(one["file"], one["applied"], [row["verdict"] for row in one["rows"]]) for one in files] == [
        ("one.csv", False, ["new"]),
        ("two.csv", False, ["invalid", "invalid"]),
    ]
