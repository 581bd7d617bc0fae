"""Files in the layout that the vendor documents for its tsv, Excel and JSON exports; the contents are our own."""

from __future__ import annotations

from typing import Any

from faqbot.formats import derived_id, read_bytes
from faqbot.knowledge import Entry
from tests.unit.formats.vendors.reading import entries, lost, read_json, read_sheets

HEADER = "Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId\tSourceDisplayName"
PROMPTS = (
    '[{"displayOrder":1,"qnaId":3,"displayText":"Where is my parcel?"},'
    '{"displayOrder":0,"qnaId":2,"displayText":"Sizes"},{"displayOrder":2,"qnaId":99,"displayText":"Gone"}]'
)
REST = f"Use **My orders**.\\n\\nIt is free.\tfaq.docx\tcategory:returns|level:1\t[]\tFalse\t{PROMPTS}\t1\tFAQ"
TSV = "\n".join(
    [
        HEADER,
        f"How do I return shoes?\t{REST}",
        f"Shoes do not fit\t{REST}",
        "Which size is mine?\tSee the table.\tEditorial\t\t[]\tTrue\t[]\t2\tEditorial",
        '"Where" is my parcel?\tIn "My orders".\tEditorial\t\t[{"clusterHead":"x"}]\tFalse\t[]\t3\tEditorial',
        "",
    ]
)
RETURN, SIZE, PARCEL = (
    derived_id(question) for question in ("How do I return shoes?", "Which size is mine?", "Where is my parcel?")
)


def test_rows_of_one_id_become_one_entry_with_its_follow_ups_in_their_order() -> None:
    parsed = read_bytes(TSV.encode("utf-16"), "kb.tsv")
    assert (parsed.origin, parsed.encoding, parsed.format) == (
        "QnA Maker or Azure question answering",
        "utf-16",
        "csv",
    )
    assert entries(parsed) == [
        Entry(
            RETURN,
            "How do I return shoes?",
            ("Shoes do not fit",),
            "Use **My orders**.\n\nIt is free.",
            category="returns",
            tags=("level:1",),
            prompts=(SIZE, PARCEL),
        ),
        Entry(SIZE, "Which size is mine?", answer="See the table."),
        Entry(PARCEL, '"Where" is my parcel?', answer='In "My orders".'),
    ]


def test_what_a_table_loses_is_counted_and_named() -> None:
    assert lost(read_bytes(TSV.encode(), "kb.tsv")) == {
        "Source": 1,
        "IsContextOnly": 1,
        "SuggestedQuestions": 1,
        # One that leads to no pair, one whose text is not its target's question.
        "Prompts": 1,
        "Prompts' display texts": 1,
    }


def test_the_four_columns_of_older_exports_are_grouped_by_their_answer() -> None:
    tsv = "Question\tAnswer\tSource\tMetadata\nOpen?\tNine to five.\tEditorial\t\nHours?\tNine to five.\tEditorial\t\n"
    assert entries(read_bytes(tsv.encode(), "kb.tsv")) == [
        Entry(derived_id("Open?"), "Open?", ("Hours?",), "Nine to five.")
    ]


def test_the_workbook_counts_its_other_sheets_as_lost() -> None:
    rows: list[list[object]] = [
        HEADER.split("\t")[:8],
        ["怎么退货？", "在订单页。", "Editorial", "", "[]", "FALSE", "[]", 1],
        ["我要退货", "在订单页。", "Editorial", "", "[]", "FALSE", "[]", 1],
    ]
    parsed = read_sheets(("Settings", [["Key", "Value"], ["Language", "Chinese"]]), ("QnAs", rows))
    assert entries(parsed) == [Entry(derived_id("怎么退货？"), "怎么退货？", ("我要退货",), "在订单页。")]
    assert lost(parsed) == {"sheet 'Settings'": 1}


def _project(upper: bool) -> dict[str, Any]:
    def name(text: str) -> str:
        return text[0].upper() + text[1:] if upper else text

    def pair(number: int, question: str, answer: str, only: bool, target: int | None) -> dict[str, Any]:
        prompts = [{name("displayOrder"): 0, name("qnaId"): target, name("displayText"): "Yes"}] if target else []
        return {
            name("id"): number,
            name("answer"): answer,
            name("source"): "Editorial",
            name("questions"): [question],
            name("metadata"): {"language": "de"} if number == 4 else {},
            name("dialog"): {name("isContextOnly"): only, name("prompts"): prompts},
            name("activeLearningSuggestions"): [],
        }

    return {
        name("metadata"): {name("language"): "English", name("defaultAnswer"): "No answer found."},
        name("assets"): {
            name("synonyms"): [{name("alterations"): ["shoe", "trainer"]}],
            name("qnas"): [
                pair(1, "Can I return it?", "Is it worn?", False, 2),
                pair(2, "Yes", "Then not.", True, None),
                pair(3, "Yes", "Then write to us.", True, None),
                pair(4, "Wie?", "So.", False, 1),
            ],
        },
    }


def test_the_json_of_a_project_is_read_in_either_spelling() -> None:
    for upper in (False, True):
        parsed = read_json(_project(upper))
        yes = derived_id("Yes")
        assert parsed.origin == "Azure question answering"
        assert entries(parsed) == [
            Entry(
                derived_id("Can I return it?"),
                "Can I return it?",
                answer="Is it worn?",
                language="en",
                prompts=(f"{yes}-2",),
            ),
            # Both are called "Yes", so their numbers keep them apart.
            Entry(f"{yes}-2", "Yes", answer="Then not.", language="en"),
            Entry(f"{yes}-3", "Yes", answer="Then write to us.", language="en"),
            Entry(derived_id("Wie?"), "Wie?", answer="So.", language="de", prompts=(derived_id("Can I return it?"),)),
        ]
        assert lost(parsed) == {"defaultAnswer": 1, "synonyms": 1, "IsContextOnly": 2, "Prompts' display texts": 1}


def test_pairs_without_numbers_are_kept_apart_by_their_questions_only() -> None:
    tsv = "Question\tAnswer\tSource\tMetadata\nYes\tThen not.\tEditorial\t\nYes\tThen write.\tEditorial\t\n"
    parsed = read_bytes(tsv.encode(), "kb.tsv")
    assert [(line, entry.entry_id) for line, entry in parsed.entries] == [(2, derived_id("Yes"))]
    assert [(error.line, error.kind) for error in parsed.errors] == [(3, "conflict")]


def test_a_language_that_is_no_tag_does_not_keep_the_entries_out() -> None:
    project = _project(upper=False)
    for name, language in (("German", "de"), ("zh-Hans", "zh"), ("Klingon of the north", "")):
        project["metadata"]["language"] = name
        parsed = read_json(project)
        assert entries(parsed)[0].language == language
        assert (f"language '{name}'" in lost(parsed)) == (not language)


def test_a_download_of_the_older_service_has_its_metadata_as_a_list() -> None:
    document = {
        "id": 7,
        "answer": "Yes.",
        "source": "Custom Editorial",
        "questions": ["Open on Sunday?", "Sunday hours"],
        "metadata": [{"name": "category", "value": "hours"}, {"name": "shop", "value": "Bonn"}],
        "context": {"isContextOnly": False, "prompts": []},
    }
    parsed = read_json({"qnaDocuments": [document]})
    assert parsed.origin == "QnA Maker"
    assert entries(parsed) == [
        Entry(
            derived_id("Open on Sunday?"),
            "Open on Sunday?",
            ("Sunday hours",),
            "Yes.",
            category="hours",
            tags=("shop:Bonn",),
        )
    ]
    assert [line for line, _ in parsed.entries] == [3]
