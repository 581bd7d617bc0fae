"""Long answers on the page and in the widget."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from faqbot.encoder import Encoder
from tests.browser.conftest import UNCHECKED
from tests.documents import DOCUMENTS, RENTAL, SHORT
from tests.integration.web.shop import open_shop

STOLEN, COLD = "车被偷了怎么赔", "which batteries should I use when it is cold?"
# Put straight into the database, past the sanitising at the entrance: pages must be safe by themselves.
HOSTILE = RENTAL.replace("车辆被盗时", "<img src=x onerror=\"document.title='broken'\">车辆被盗时").strip()


@pytest.fixture(scope="module")
def library(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    opened = open_shop(
        tmp_path_factory.mktemp("library"),
        compact_encoder,
        entries=(replace(DOCUMENTS[0], answer=HOSTILE), DOCUMENTS[1], *SHORT),
        overrides=(UNCHECKED,),
        matching={"answer_threshold": 0.6, "learn_from_traffic": False},
    )
    server = make_server("127.0.0.1", 0, opened.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda said: problems.append(said.text))
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    assert problems == []


def test_the_page_shows_the_part_that_matched_and_the_whole_answer_on_demand(page: Page, library: str) -> None:
    page.goto(library)
    page.locator("#question").fill(STOLEN)
    page.keyboard.press("Enter")
    bubble = page.locator(".message.bot .bubble").last
    expect(bubble.locator("blockquote .place")).to_have_text("损坏与丢失 · 5/6")
    expect(bubble.locator("blockquote")).to_contain_text("<img src=x")
    expect(bubble.get_by_text("请带身份证原件到门店取车")).not_to_be_visible()
    bubble.get_by_text("查看完整回答").click()
    expect(bubble.get_by_text("请带身份证原件到门店取车")).to_be_visible()
    page.locator("#language").click()
    expect(bubble.locator("summary")).to_have_text("Read the whole answer")
    assert "broken" not in page.title()


def test_the_widget_shows_the_part_that_matched_and_the_whole_answer_on_demand(page: Page, library: str) -> None:
    page.goto(f"{library}/demo")
    page.get_by_role("button", name="打开对话").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(STOLEN)
    page.keyboard.press("Enter")
    reply = dialog.locator(".message.bot").last
    expect(reply.locator("blockquote")).to_contain_text("请立刻报警")
    expect(reply.get_by_text("请带身份证原件到门店取车")).not_to_be_visible()
    reply.get_by_text("查看完整回答").click()
    expect(reply.get_by_text("请带身份证原件到门店取车")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert "broken" not in page.title()


def test_the_widget_shows_what_it_is_not_sure_of_above_the_choices(page: Page, library: str) -> None:
    page.goto(f"{library}/demo")
    page.get_by_role("button", name="打开对话").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(COLD)
    page.keyboard.press("Enter")
    reply = dialog.locator(".message.bot").last
    expect(reply.locator("blockquote")).to_contain_text("Use lithium cells in winter")
    expect(reply.locator("details")).to_have_count(0)
    expect(reply.locator(".choices button").first).to_have_text("The trail camera's manual")
