"""Files in the layout of the vendor's JSON export and of its workbook; the contents are our own."""

from __future__ import annotations

from faqbot.knowledge import Entry
from tests.unit.formats.vendors.reading import entries, lost, read_json, read_sheets

EXPORT = {
    "qna": [
        {
            "qid": "Return.001",
            "q": ["How do I return it?", "I want to send it back"],
            "a": "Use My orders.",
            "alt": {"markdown": "Use **My orders**.", "ssml": "<speak>Use my orders</speak>"},
            "t": "returns",
            "r": {
                "title": "Returns",
                "imageUrl": "https://shop.example/label.png",
                "url": "javascript:alert(1)",
                "buttons": [
                    {"text": "How long?", "value": "QID::Return.002"},
                    {"text": "Person", "value": "talk to a person"},
                ],
            },
            "l": "QNA:Hook",
            "args": [""],
            "type": "qna",
            "clientFilterValues": "vip, staff",
            "conditionalChaining": "",
        },
        {
            "qid": "Return.002",
            "q": ["How long does it take?"],
            "a": "{{UserInfo.Name}}, three days.",
            "next": "How do I return it?",
        },
        {"qid": "Passage.1", "type": "text", "passage": "A long text."},
    ]
}


def test_an_export_keeps_what_has_a_home() -> None:
    parsed = read_json(EXPORT)
    assert parsed.origin == "QnABot"
    assert entries(parsed) == [
        Entry(
            "Return.001",
            "How do I return it?",
            ("I want to send it back",),
            "Use **My orders**.",
            category="returns",
            segments=("vip", "staff"),
            prompts=("Return.002",),
            attachments=("https://shop.example/label.png",),
        ),
        Entry("Return.002", "How long does it take?", answer="{{UserInfo.Name}}, three days.", prompts=("Return.001",)),
    ]


def test_an_export_counts_what_has_none() -> None:
    assert lost(read_json(EXPORT)) == {
        "SSML answers": 1,
        "response cards' titles": 1,
        "field 'l'": 1,
        "buttons": 1,
        "response cards' links": 1,
        "Handlebars templates": 1,
        "text passages": 1,
    }


def test_the_workbook_says_the_same_in_numbered_columns() -> None:
    heading = ["qid", "question1", "question2", "answer", "markdown", "topic", "cardtitle", "cardimageurl"]
    rows: list[list[object]] = [
        [*heading, "displaytext1", "buttonvalue1", "attributename1", "clientFilterValues"],
        ["r.1", "Return?", "Send back?", "Use it.", "", "returns", "", "", "How long?", "QID::r.2", "x", "vip"],
        ["r.2", "How long?", "", 3, "", "", "T", "https://shop.example/a.png", "", "", "", ""],
    ]
    parsed = read_sheets(("Sheet1", rows))
    assert entries(parsed) == [
        Entry("r.1", "Return?", ("Send back?",), "Use it.", category="returns", segments=("vip",), prompts=("r.2",)),
        Entry("r.2", "How long?", answer="3", attachments=("https://shop.example/a.png",)),
    ]
    assert lost(parsed) == {"field 'attributename'": 1, "response cards' titles": 1}
