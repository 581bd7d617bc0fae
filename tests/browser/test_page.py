"""The page at `/` in a real browser, over a real server and the real compact model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import QUESTION


@dataclass
class Visit:
    """A page with what went wrong on it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def last_reply(self) -> Locator:
        """The newest bubble of the bot, once it holds a reply."""
        self.page.wait_for_selector("#messages[aria-busy=false]")
        return self.page.locator("#messages .message.bot").last

    def ask(self, question: str) -> Locator:
        self.page.get_by_role("textbox", name=self.page.locator("label[for=question]").inner_text()).fill(question)
        self.page.keyboard.press("Enter")
        return self.last_reply()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """The page in Chinese; whatever it logs or asks of another host fails the test."""
    context = browser.new_context(locale="zh-CN")
    visit = Visit(context.new_page())
    visit.page.on("console", lambda said: visit.problems.append(f"console: {said.text}"))
    visit.page.on("pageerror", lambda error: visit.problems.append(f"error: {error}"))
    visit.page.on("request", lambda sent: sent.url.startswith(address) or visit.problems.append(f"request: {sent.url}"))
    visit.page.goto(address)
    expect(visit.page.locator("#status")).to_have_attribute("data-state", "ready")
    yield visit
    context.close()
    assert visit.problems == []


def test_a_question_gets_its_answer_with_verdict_and_confidence(visit: Visit) -> None:
    reply = visit.ask("如何申请退款？")
    expect(reply.locator(".bubble strong")).to_have_text("申请退款")
    expect(reply.locator(".bubble ol li")).to_have_text(["选择商品", "填写原因"])
    expect(reply.locator(".facts").first).to_have_text("直接回答 · 置信度 100% · 如何申请退款？")
    expect(visit.page.locator(".message.customer .bubble").last).to_have_text("如何申请退款？")
    expect(visit.page.locator("#question")).to_have_value("")


def test_a_suggestion_that_is_clicked_is_asked(visit: Visit) -> None:
    reply = visit.ask(QUESTION)
    expect(reply.locator(".bubble")).to_have_text("您是不是想问：")
    expect(reply.get_by_role("button")).to_have_count(3)
    reply.get_by_role("button", name="退款多久到账？").click()
    expect(visit.last_reply().locator(".bubble")).to_have_text("1 到 3 个工作日。")


def test_the_page_has_conversations(visit: Visit) -> None:
    hello = visit.ask("你好")
    expect(hello.locator(".facts")).to_have_text("直接回答 · 置信度 100%")
    second = visit.ask(QUESTION).get_by_role("button").nth(1).inner_text()
    expect(visit.ask("第二个").locator(".facts").first).to_have_text(f"直接回答 · 置信度 100% · {second}")


def test_a_question_to_begin_with_can_be_clicked(visit: Visit) -> None:
    visit.page.get_by_role("button", name="多久发货？").click()
    expect(visit.last_reply().locator(".bubble")).to_have_text("48 小时内发货。")


def test_two_sentences_are_compared_in_bars_from_0_to_1(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("#scores")).to_be_hidden()
    page.get_by_label("句子一").fill("我想退款")
    page.get_by_label("句子二").fill("我想退款")
    page.get_by_role("button", name="比较").click()
    for name in ("综合得分", "稠密向量 · 语义", "稀疏权重 · 用词", "多向量 ColBERT · 逐词"):
        bar = page.get_by_role("meter", name=name)
        expect(bar).to_have_attribute("aria-valuenow", "1.000")
    expect(page.locator("[data-value=hybrid]")).to_have_text("1.000")
    expect(page.locator("#compare-model")).to_have_text("compact")

    page.get_by_label("句子二").fill("今天天气怎么样")
    page.get_by_role("button", name="比较").click()
    expect(page.locator("[data-value=hybrid]")).not_to_have_text("1.000")
    assert 0.0 <= float(page.locator("[data-value=hybrid]").inner_text()) < 0.5


def test_the_language_switches_in_place_and_keeps_the_conversation(visit: Visit) -> None:
    visit.ask("如何申请退款？")
    visit.page.get_by_role("link", name="English").click()
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    expect(visit.page.get_by_role("heading", name="Sentence similarity")).to_be_visible()
    expect(visit.last_reply().locator(".facts").first).to_have_text("Answered · confidence 100% · 如何申请退款？")
    expect(visit.page.get_by_role("button", name="How do I request a refund?")).to_be_visible()
    answer = visit.ask("How do I request a refund?")
    expect(answer.locator(".bubble")).to_have_text("Open My orders and choose Request a refund.")
    visit.page.reload()
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")


def test_the_theme_switches_and_is_remembered(visit: Visit) -> None:
    light = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    visit.page.get_by_role("button", name="切换深色或浅色").click()
    dark = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    visit.page.reload()
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_an_answer_cannot_run_code_even_when_it_entered_unsanitised(visit: Visit) -> None:
    reply = visit.ask("恶意内容会怎样？")
    expect(reply.locator(".bubble strong")).to_have_text("粗")
    expect(reply.locator("img")).to_have_count(0)
    expect(reply.locator("a")).to_have_count(1)
    expect(reply.locator("a")).to_have_attribute("href", "https://example.com/help")
    assert visit.page.title() != "broken"


def test_the_page_works_with_the_keyboard_alone(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    keyboard.press("Tab")
    expect(visit.page.get_by_role("link", name="跳到输入框")).to_be_focused()
    keyboard.press("Enter")
    keyboard.type("多久发货？")
    keyboard.press("Enter")
    expect(visit.last_reply().locator(".bubble")).to_have_text("48 小时内发货。")
    expect(visit.page.locator("#question")).to_be_focused()


def test_a_long_answer_is_read_from_its_beginning(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 500})
    for _ in range(4):
        visit.ask("如何申请退款？")
    expect(visit.page.locator(".message.customer").last).to_be_in_viewport(ratio=1)
    expect(visit.last_reply().locator(".bubble > p").first).to_be_in_viewport(ratio=1)


def test_nothing_overflows_on_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 740})
    visit.ask(QUESTION)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_error_is_shown_in_the_readers_language(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    context.set_offline(True)
    page.locator("#question").fill("多久发货？")
    page.keyboard.press("Enter")
    expect(page.locator(".message.failed .bubble")).to_have_text("连接不上服务，请检查网络后再试。")
    context.close()
