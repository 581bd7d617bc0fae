"""The real Deep Chat component, version 2.4.2 (MIT) as its authors publish it, on a page of another site."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug import Request, Response
from werkzeug.serving import make_server

from tests.browser.conftest import QUESTION

COMPONENT = Path(__file__).with_name("deep_chat") / "deepChat.bundle.js"

OpenPage = Callable[..., Page]


@Request.application
def _site(request: Request) -> Response:
    """The other site: a page with the component, connected as its address says."""
    if request.path == "/c.js":
        return Response(COMPONENT.read_bytes(), content_type="text/javascript")
    return Response(
        "<!doctype html><meta charset=utf-8><title>shop</title><script type=module src=/c.js></script>"
        f"<deep-chat connect='{request.args['connect']}' errorMessages='{{\"displayServiceErrorMessages\": true}}'>",
        content_type="text/html",
    )


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, _site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def widget(browser: Browser, address: str, site: str) -> Iterator[OpenPage]:
    """Opens a page of another site with the component on it; an error of its script fails the test."""
    context = browser.new_context(locale="zh-CN")
    errors: list[str] = []

    def open_page(**connect: Any) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        # The component asks for a font of another host, which does without.
        page.route(lambda url: "127.0.0.1" not in url, lambda route: route.abort())
        settings = json.dumps({"url": f"{address}/channels/deep-chat", **connect})
        page.goto(f"{site}/?{urlencode({'connect': settings})}")
        return page

    yield open_page
    context.close()
    assert errors == []


def _ask(page: Page, text: str) -> Locator:
    page.locator("#text-input").fill(text)
    page.keyboard.press("Enter")
    return page.locator(".ai-message-text").last


@pytest.mark.parametrize("stream", [False, True])
def test_a_question_is_answered_with_its_markdown(widget: OpenPage, stream: bool) -> None:
    page = widget(stream=stream)
    bubble = _ask(page, "如何申请退款？")
    expect(bubble).to_contain_text("审核通过后原路退回。")
    expect(bubble.locator("strong")).to_have_text("申请退款")
    expect(page.locator(".loading-message-text")).to_have_count(0)


@pytest.mark.parametrize("stream", [False, True])
def test_a_suggestion_that_is_clicked_is_asked(widget: OpenPage, stream: bool) -> None:
    page = widget(stream=stream)
    _ask(page, QUESTION)
    buttons = page.locator(".deep-chat-suggestion-button")
    expect(buttons).to_have_count(3)
    chosen = buttons.first.inner_text()
    buttons.first.click()
    expect(page.locator(".user-message-text").last).to_have_text(chosen)
    expect(page.locator(".ai-message-text").last).not_to_have_text("您是不是想问：")


def test_what_is_no_question_gets_a_sentence_and_no_dots_that_stay(widget: OpenPage) -> None:
    page = widget()
    expect(_ask(page, "？？？")).to_have_text("请输入您的问题。")
    expect(page.locator(".loading-message-text")).to_have_count(0)


def test_an_answer_with_hostile_content_does_nothing(widget: OpenPage) -> None:
    page = widget()
    bubble = _ask(page, "恶意内容会怎样？")
    expect(bubble.locator("strong")).to_have_text("粗")
    expect(bubble.locator("a[href='https://example.com/help']")).to_have_count(1)
    expect(bubble.locator("a[href^='javascript']")).to_have_count(0)
    expect(bubble.locator("[onerror]")).to_have_count(0)
    assert page.title() == "shop"


def test_a_failure_is_shown_as_one(widget: OpenPage) -> None:
    page = widget()
    page.route("**/channels/deep-chat", lambda route: route.continue_(post_data="{"))
    _ask(page, "退款")
    expect(page.locator(".error-message-text")).to_contain_text("JSON")
