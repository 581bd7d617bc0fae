from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from faqbot.knowledge import Entry
from faqbot.web.pages.pages import pick_examples
from faqbot.web.pages.texts import TEXTS
from tests.integration.web.shop import Shop, open_shop

STATIC = Path(__file__).parents[3] / "faqbot" / "web" / "static"


@pytest.mark.parametrize(
    ("path", "accept", "language"),
    [
        ("/", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("/", "en-US,en;q=0.9", "en"),
        ("/", "fr", "zh"),
        ("/", "", "zh"),
        ("/?lang=en", "zh", "en"),
        ("/?lang=zh", "en", "zh"),
    ],
)
def test_the_page_speaks_the_readers_language(shop: Shop, path: str, accept: str, language: str) -> None:
    html = shop.client().get(path, headers={"Accept-Language": accept}).get_data(as_text=True)
    assert f'<html lang="{language}">' in html
    assert TEXTS[language]["chat_hint"] in html.partition("<main>")[2]  # type: ignore[index]


def test_both_languages_have_the_same_texts() -> None:
    assert list(TEXTS["zh"]) == list(TEXTS["en"])


def test_every_text_that_the_page_names_exists(shop: Shop) -> None:
    sources = [shop.client().get("/").get_data(as_text=True), *(p.read_text("utf-8") for p in STATIC.rglob("*.js"))]
    named: set[str] = set()
    for source in sources:
        named |= set(re.findall(r'data-(?:text|label|placeholder)="(\w+)"', source))
        named |= set(re.findall(r'\b(?:say\(\w+, |text\()"(\w+)"', source))
    assert len(named) > 30
    assert named <= set(TEXTS["zh"])


def test_the_page_holds_no_inline_script_style_or_foreign_address(shop: Shop) -> None:
    html = shop.client().get("/").get_data(as_text=True)
    scripts = re.findall(r"<script.*?</script>", html, re.DOTALL)
    assert scripts
    assert [tag for tag in scripts if not tag.endswith("></script>")] == []
    assert "style=" not in html
    assert "<style" not in html
    assert not re.search(r" on\w+=", html)
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")


def test_no_script_of_the_page_parses_text_as_html() -> None:
    scripts = sorted(STATIC.rglob("*.js"))
    assert "widget.js" in [script.name for script in scripts]
    for script in scripts:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script.read_text("utf-8")
        )


def test_every_file_that_the_page_loads_is_there(shop: Shop) -> None:
    html = shop.client().get("/").get_data(as_text=True)
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html))
    assert len(files) == 4
    for file in files:
        with shop.client().get(file) as response:
            assert response.status_code == 200


def test_a_closed_shop_asks_for_a_key_and_shows_no_question(compact_encoder: Encoder, tmp_path: Path) -> None:
    shop = open_shop(tmp_path, compact_encoder, ask_open=False)
    html = shop.client().get("/").get_data(as_text=True)
    assert 'id="key"' in html
    assert "如何申请退款" not in html
    shop.close()


def test_an_open_shop_begins_with_questions_from_its_knowledge_base(shop: Shop) -> None:
    html = shop.client().get("/").get_data(as_text=True)
    assert 'id="key"' not in html
    assert 'data-question="如何申请退款？"' in html


def test_questions_to_begin_with_come_from_different_categories_of_the_language() -> None:
    def entry(number: int, category: str, language: str) -> Entry:
        return Entry(f"e{number}", f"问题{number}", (), "答", language, category)

    entries = [
        entry(1, "a", "zh"),
        entry(2, "a", "zh"),
        entry(3, "b", "en"),
        entry(4, "b", "zh-CN"),
        entry(5, "c", ""),
        entry(6, "d", "zh"),
        entry(7, "e", "zh"),
    ]
    assert pick_examples(entries, "zh") == ["问题1", "问题4", "问题5", "问题6"]
    assert pick_examples(entries, "en") == ["问题3", "问题5"]


def test_text_from_the_knowledge_base_is_escaped(compact_encoder: Encoder, tmp_path: Path) -> None:
    shop = open_shop(
        tmp_path, compact_encoder, entries=(Entry("x", '"><script>alert(1)</script>问题', (), "答", "zh", "a"),)
    )
    assert "<script>alert" not in shop.client().get("/").get_data(as_text=True)
    shop.close()


def test_the_demo_page_is_under_a_strict_policy_and_begins_with_questions(shop: Shop) -> None:
    response = shop.client().get("/demo?lang=en")
    html = response.get_data(as_text=True)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    # The browser fills in the address, which the server does not know.
    assert '<span id="server"></span>/static/widget.js' in html
    assert 'data-questions="How do I request a refund?"' in html


def test_the_widgets_files_may_be_loaded_from_any_site_and_are_small(shop: Shop) -> None:
    files = [STATIC / name for name in ("widget.js", "markdown.js", "passage.js")]
    files += sorted((STATIC / "widget").glob("*.js"))
    assert len(files) == 10
    size = 0
    for file in files:
        with shop.client().get(f"/static/{file.relative_to(STATIC).as_posix()}") as response:
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            size += len(gzip.compress(response.get_data()))
    assert size < 20_000
