from __future__ import annotations

import pytest

from faqbot.errors import UnreadableFile
from faqbot.formats import Limits
from faqbot.formats.files.decoding import decode
from faqbot.formats.rows.source import Source

SIMPLIFIED = "编号,问题,答案\n1,怎么申请退款？,请在订单页点击「申请退款」。\n2,能开发票吗？,可以，下单时勾选即可。\n"
TRADITIONAL = "編號,問題,答案\n1,怎麼申請退款？,請在訂單頁點擊「申請退款」。\n2,能開發票嗎？,可以。\n"


def decoded(data: bytes) -> tuple[str, str]:
    return decode(Source("kb.csv", data, Limits()))


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-32", "utf-32"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "gb18030", "gb18030"),
        ("question,answer\nWie kündige ich?,Über das Menü, täglich möglich.\n", "cp1252", None),
        ("question,answer\n返品はできますか,はい、できます。三日以内にご連絡ください。\n", "shift_jis", None),
    ],
)
def test_the_text_comes_out_whatever_wrote_it(text: str, encoding: str, found: str | None) -> None:
    result, name = decoded(text.encode(encoding))
    assert result == text
    assert found in (None, name)


@pytest.mark.parametrize("question", ["怎么退货", "开票", "你好", "退款多久到账", "钱什么时候到账"])
def test_even_one_short_chinese_question_is_read_in_gb18030(question: str) -> None:
    text = f"question,answer\n{question},ok\n"
    assert decoded(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize("question", ["怎麼退貨", "發票", "退款多久到賬"])
def test_even_one_short_chinese_question_is_read_in_big5(question: str) -> None:
    text = f"question,answer\n{question},ok\n"
    assert decoded(text.encode("big5")) == (text, "big5")


def test_a_few_accents_are_read_as_western() -> None:
    text = "question,answer\nEs-tu là ?,Oui… déjà « prêt » – 5 €\n"
    assert decoded(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize(
    "data",
    ["question,answer\nПривет,да\n".encode("cp1251"), b"id,question,answer\na,\xff\xfe\xfa\x81,b\n"],
    ids=["a Russian word", "no text at all"],
)
def test_a_guess_from_too_few_characters_is_refused_rather_than_imported_as_gibberish(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="cannot be told from so few characters"):
        decoded(data)


def test_a_mark_that_lies_is_named_with_the_place() -> None:
    with pytest.raises(UnreadableFile, match="starts as UTF-8 and is not at byte 5"):
        decoded(b"\xef\xbb\xbfok\xff\xfe")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="not text in UTF-8, UTF-16, GB18030 or Big5"):
        decoded(bytes(range(256)) * 20)
