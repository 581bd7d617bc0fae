from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot.knowledge import Entry
from faqbot.passages import LONGEST, passages_of, split
from tests.documents import CAMERA, DOCUMENTS, RENTAL, SHORT

_PIECES = st.sampled_from(
    [
        "# Top\n",
        "## Below\n",
        "\n\n",
        "\n",
        " ",
        "word ",
        "一句话。",
        "One sentence. ",
        "```\n",
        "x" * 300,
        "字" * 250,
        "---",
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_every_passage_stands_in_the_answer_where_it_says_and_is_no_longer_than_allowed(text: str) -> None:
    before = 0
    for (start, end), _ in split(text):
        assert before <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert len(text[start:end].encode()) <= LONGEST
        before = end


@given(st.lists(_PIECES.filter(lambda piece: "#" not in piece), max_size=40).map("".join))
def test_nothing_but_bare_punctuation_is_lost_where_there_are_no_headings(text: str) -> None:
    kept = "".join(text[start:end] for (start, end), _ in split(text))
    for piece in ("word", "一句话", "One sentence", "x", "字"):
        assert kept.count(piece) == text.count(piece)


def test_passages_know_their_headings_number_and_place() -> None:
    passages = passages_of([DOCUMENTS[0]])
    assert [passage.heading for passage in passages] == [
        "",
        "押金",
        "取车与归还 > 取车",
        "取车与归还 > 归还",
        "损坏与丢失",
        "取消",
    ]
    assert [(passage.number, passage.of) for passage in passages] == [(n, 6) for n in range(1, 7)]
    assert all(RENTAL[passage.start : passage.end] == passage.text for passage in passages)
    assert passages[5].wording.text.startswith("取消\n取车前二十四小时以上取消不收费用。")


def test_an_answer_that_fits_into_one_passage_is_no_document() -> None:
    assert passages_of(SHORT) == []
    # 240 Chinese characters are 720 bytes, as many as a passage may have; one more is too much.
    assert passages_of([Entry("a", "A", answer="字" * 240)]) == []
    assert [passage.text for passage in passages_of([Entry("a", "A", answer="字" * 241)])] == ["字" * 240, "字"]


def test_neighbouring_paragraphs_share_a_passage_as_long_as_they_fit() -> None:
    # 3 x 200 letters and two blank lines are 604 bytes; a fourth paragraph would make them 806.
    paragraphs = ["a" * 200, "b" * 200, "c" * 200, "d" * 200]
    text = "\n\n".join(paragraphs)
    assert [text[slice(*span)] for span, _ in split(text)] == ["\n\n".join(paragraphs[:3]), paragraphs[3]]


def test_a_long_paragraph_is_split_behind_the_end_of_a_sentence() -> None:
    # 100 characters each, 300 bytes; two fit, the quotation mark stays with its sentence.
    chinese = ("句" * 98 + "。”") * 3
    assert [chinese[slice(*span)] for span, _ in split(chinese)] == [("句" * 98 + "。”") * 2, "句" * 98 + "。”"]
    english = ("e" * 399 + '." ') * 2
    assert [english[slice(*span)] for span, _ in split(english)] == ["e" * 399 + '."'] * 2


def test_a_number_with_a_decimal_point_is_not_taken_apart() -> None:
    text = ("版本 3.5 的价格是 12.80 元" * 12 + "。") * 2
    assert [text[slice(*span)] for span, _ in split(text)] == [text[: len(text) // 2], text[len(text) // 2 :]]


def test_one_endless_sentence_is_cut_at_white_space_where_there_is_some() -> None:
    text = "word " * 300
    found = [text[slice(*span)] for span, _ in split(text)]
    assert all(part.split() == ["word"] * len(part.split()) for part in found)
    assert sum(len(part.split()) for part in found) == 300


def test_a_comment_in_a_code_block_is_no_heading() -> None:
    text = "# Install\n```sh\n# first step\nmake setup\n```\n" + "x" * 700
    assert {heading for _, heading in split(text)} == {"Install"}


def test_8192_tokens_of_either_language_lose_nothing_in_passages() -> None:
    chinese = Entry("zh", "Z", answer="押金在取车时预授权，归还后二十四小时内解除。" * 620)
    english = Entry("en", "E", answer=CAMERA.replace("#", "") * 18)
    for entry in (chinese, english):
        passages = passages_of([entry])
        assert len(passages) >= 40
        assert sum(len(passage.text) for passage in passages) == pytest.approx(len(entry.answer), rel=0.02)


def test_a_heading_is_read_without_the_marks_that_close_it() -> None:
    text = "## Power ##\nlithium\n## C#\nsharp\n## ##\nbare"
    assert [heading for _, heading in split(text)] == ["Power", "C#", ""]


def test_a_hostile_heading_is_split_in_no_time() -> None:
    # With a quadratic pattern this takes minutes.
    assert split("# " + "#" * 100_000 + "a\nx")[0][1].endswith("#a")
