from __future__ import annotations

import html
import re
import time

import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from faqbot.formats import safe_answer


@pytest.mark.parametrize(
    "text",
    [
        "a < b & c > d",
        "1<2, a<3, x <= y && y >= z",
        "> quoted\n\n- list\n\n**bold** `code`",
        "AT&T, &copy; and &lt;b&gt;",
        "<订单号>",
        "customer data: kept; javascript: is a language",
        '[help](https://example.com/a_(b)?x=1&y=2 "title")',
        "[call](tel:10086) [app](weixin://dl/x) [mail](mailto:a@b.co)",
        "```\nif a < b:\n    pass\n```",
        "I <3 you",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert safe_answer(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("Press <b>OK</b> or <i class='x'>go</i>", "Press **OK** or *go*"),
        ("<div>5&nbsp;&lt;&nbsp;6 &amp; 7</div>", "5\xa0<\xa06 & 7"),
        ('<a href="https://x.com/?a=1&amp;b=2">see [this]</a>', "[see (this)](https://x.com/?a=1&b=2)"),
        ('<img alt="A" src="https://x.com/a (1).png">', "![A](https://x.com/a%20%281%29.png)"),
        ("<https://x.com/a?b=1>", "[https://x.com/a?b=1](https://x.com/a?b=1)"),
        ("<me@x.com>", "[me@x.com](mailto:me@x.com)"),
        ("[a](<https://x.com/a b>)", "[a](https://x.com/a%20b)"),
        ("a<!-- note -->b", "ab"),
    ],
)
def test_html_becomes_the_markdown_that_says_the_same(text: str, safe: str) -> None:
    assert safe_answer(text) == safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<script>alert(1)</script>ok", "ok"),
        ("<SCRIPT\n>alert(1)</ScRiPt >ok", "ok"),
        ("<style>p{}</style><iframe src='//x'>in</iframe>ok", "ok"),
        ("<img src=x onerror=alert(1)>", "![](x)"),
        ("<svg/onload=alert(1)>", "< svg/onload=alert(1)>"),
        ("<scr<b>ipt>alert(1)</scr</b>ipt>", "< scr**ipt>alert(1)< /scr**ipt>"),
        ("<br>&lt;script&gt;alert(1)&lt;/script&gt;", "< script>alert(1)< /script>"),
        ("<a onclick='x()' href='#'>go</a>", "[go](#)"),
        ("<x-tag onclick=x()>go", "< x-tag onclick=x()>go"),
        ("<!DOCTYPE html>", "< !DOCTYPE html>"),
        ("in `<script>` code", "in `< script>` code"),
        ("~~~\n<div>\n~~~", "~~~\n< div>\n~~~"),
    ],
)
def test_html_that_could_act_does_not_survive(text: str, safe: str) -> None:
    assert safe_answer(text) == safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("if a<b and c>d then", "if a< b and c>d then"),
        ("enter <your order number>", "enter < your order number>"),
        ("put a <script> tag there", "put a < script> tag there"),
        ("starts <!-- and never ends", "starts < !-- and never ends"),
    ],
)
def test_text_that_only_looks_like_html_keeps_every_word(text: str, safe: str) -> None:
    assert safe_answer(text) == safe


@pytest.mark.parametrize(
    "link",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x]( \n javascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](java&#115;cript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](javascript\\:alert(1))",
        "[x](vbscript:msgbox)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](data:image/svg+xml,x)",
        '<a href="javascript:alert(1)">x</a>',
        "<a href=' &#106;avascript:alert(1)'>x</a>",
        "[[a](b c](javascript:alert(1))",
        "[x\\](](javascript:alert(1))",
        "[x]: javascript:alert(1)",
        "[x]:\n  data:text/html,x",
        "> [x](\n> javascript:alert(1))",
    ],
)
def test_links_that_run_code_lead_nowhere(link: str) -> None:
    safe = safe_answer(link)
    assert "#" in safe
    assert not re.search(r"(script|data)(:|\\:|&colon;)", safe)


# fmt: off
_PIECES = [
    "<", ">", "</", "script", "<script>", "</script>", "svg", "<b>", "</b>", "<p>", "<br>", "a", '<a href="', '">',
    "</a>", "img", " src=", " on=", '"', "'", "=", "/", "!", "--", "<!--", "-->", "?", "&lt;", "&gt;", "&amp;", "&#60;",
    "javascript:", "java", "script:", "data:", "&colon;", "&Tab;", "\\", "[x](", "](", "]:", "](<", "[", "]", "(", ")",
    "`", "``", "```\n", "~~~\n", "\n", "\n> ", " ", "\t", "\r", "\u200b", "退款", "<https://x", "@a.co", "<title>",
]
# fmt: on


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=20).map("".join))
@example("<b" * 10)
@example("](<](<x>)>")
def test_no_html_parser_finds_an_element_and_a_second_time_changes_nothing(text: str) -> None:
    safe = safe_answer(text)
    assert safe_answer(safe) == safe
    # Whatever follows in the page closes what the answer may have opened.
    page = safe + "' \"> -->"
    assert html.unescape(nh3.clean(page, tags=set())) == html.unescape(page)


@pytest.mark.parametrize(
    "piece", ["<a ", "<script>", "<!--", "```x\n", "`", "](", "](<", '<a href="', "<br><a href=x>"]
)
def test_hostile_texts_take_no_longer_than_others(piece: str) -> None:
    start = time.perf_counter()
    safe_answer(piece * (100_000 // len(piece)))
    # Under a second even on a busy machine; the square of the length would take minutes.
    assert time.perf_counter() - start < 10
