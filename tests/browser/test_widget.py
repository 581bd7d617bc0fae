"""The widget in a real browser, on our own page and on a stranger's, over a real server and the real compact model."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from wsgiref.types import StartResponse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from faqbot.encoder import Encoder
from faqbot.knowledge import Entry
from tests.browser.conftest import QUESTION, UNCHECKED
from tests.integration.web.shop import ENTRIES, Shop, open_shop

HOSTILE = "<img src=x onerror=\"document.title='broken'\">"
ENTRIES_SHOWN = (
    replace(
        ENTRIES[0],
        prompts=("refund-time", "invoice"),
        attachments=("https://example.com/files/%E9%80%80%E6%AC%BE.pdf", "https://example.com"),
    ),
    *ENTRIES[1:],
    # Put straight into the database, past the sanitising at the entrance: the widget must be safe by itself.
    Entry(
        "hostile",
        "恶意内容会怎样？",
        (),
        f"{HOSTILE} [点](javascript:alert(1)) [好](https://example.com/help) **粗**",
        "zh",
        "其他",
        attachments=("javascript:alert(1)",),
    ),
)
CONTACT = {"handoff_text": "电话 400-800-1234", "handoff_link": "https://example.com/person"}
STRICT = "default-src 'none'; script-src {0}; connect-src {0}; require-trusted-types-for 'script'; trusted-types 'none'"


@contextmanager
def _serving(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Visit:
    """A page with the widget, with what went wrong on it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def open(self, name: str = "打开对话") -> None:
        self.page.get_by_role("button", name=name).click()
        expect(self.dialog).to_be_visible()

    def ask(self, text: str) -> Locator:
        self.dialog.get_by_role("textbox").fill(text)
        self.page.keyboard.press("Enter")
        return self.last_reply()

    def last_reply(self) -> Locator:
        """The newest message of the bot, once it holds a reply."""
        expect(self.dialog.locator(".dots")).to_have_count(0)
        return self.dialog.locator(".message.bot").last

    def violations(self) -> list[str]:
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


@pytest.fixture(scope="module")
def shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that answers what is asked word for word, and suggests for everything else."""
    bounds = {"answer_threshold": 1.0, "suggest_threshold": 0.0, "suggestions": 3}
    folder = tmp_path_factory.mktemp("widget")
    opened = open_shop(
        folder,
        compact_encoder,
        entries=ENTRIES_SHOWN,
        overrides=(UNCHECKED,),
        matching=bounds,
        conversation=CONTACT,
    )
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(shop: Shop) -> Iterator[str]:
    with _serving(shop.app) as url:
        yield url


@pytest.fixture(scope="module")
def stranger(address: str) -> Iterator[str]:
    """Another site, whose policy lets in nothing but the widget."""

    def app(environ: dict[str, Any], start: StartResponse) -> list[bytes]:
        policy = STRICT.format(address)
        start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy)])
        script = f'<script src="{address}/static/widget.js" data-lang="en" data-title="Ask us" async></script>'
        page = f"<!doctype html><html lang=en><title>Shop</title>{script}<main><h1>A shop</h1></main>"
        return [page.encode()]

    with _serving(app) as url:
        yield url


Visiting = Callable[..., Visit]


@pytest.fixture
def visiting(browser: Browser, address: str) -> Iterator[Visiting]:
    """Opens a page with the widget; whatever it logs fails the test, unless the test expects it."""
    visits: list[Visit] = []

    def visit(url: str = f"{address}/demo", expected: str = "", **context: Any) -> Visit:
        page = browser.new_context(**{"locale": "zh-CN", **context}).new_page()
        made = Visit(page)

        def note(said: str) -> None:
            if not expected or not re.search(expected, said):
                made.problems.append(said)

        page.on("console", lambda said: note(said.text))
        page.on("pageerror", lambda error: note(str(error)))
        page.goto(url)
        visits.append(made)
        return made

    yield visit
    for made in visits:
        made.page.context.close()
    assert [problem for made in visits for problem in made.problems] == []


def _said(shop: Shop) -> list[tuple[str, str]]:
    return [(one.kind, one.entry_id) for one in shop.services.pending_feedback.last()]


def test_a_list_is_answered_in_words_and_rated(visiting: Visiting, shop: Shop) -> None:
    visit = visiting()
    visit.open()
    listed = visit.ask(QUESTION)
    expect(listed.locator(".bubble")).to_contain_text("您是不是想问：")
    expect(listed.get_by_role("button")).to_have_count(4)
    second = listed.get_by_role("button").nth(1).inner_text()
    answered = visit.ask("第二个")
    [entry] = [entry for entry in ENTRIES_SHOWN if entry.standard_question == second]
    expect(answered.locator(".bubble")).to_contain_text(entry.answer.split("：")[0].split("，")[0])
    answered.get_by_role("button", name="有帮助", exact=True).click()
    expect(answered.get_by_role("status")).to_have_text("谢谢您的反馈。")
    expect(answered.get_by_role("button", name="有帮助", exact=True)).to_have_attribute("aria-pressed", "true")
    assert set(_said(shop)) == {("chosen", entry.entry_id), ("helpful", entry.entry_id)}


def test_a_suggestion_that_is_clicked_is_asked_and_what_does_not_help_leads_to_a_person(visiting: Visiting) -> None:
    visit = visiting()
    visit.open()
    visit.ask(QUESTION).get_by_role("button", name="退款多久到账？").click()
    answered = visit.last_reply()
    expect(answered.locator(".bubble")).to_contain_text("1 到 3 个工作日。")
    answered.get_by_role("button", name="没有帮助").click()
    answered.get_by_role("button", name="转人工").click()
    person = visit.last_reply()
    expect(person.locator(".bubble")).to_contain_text(CONTACT["handoff_text"])
    expect(person.get_by_role("link", name="联系人工客服")).to_have_attribute("href", CONTACT["handoff_link"])
    expect(person.get_by_role("link")).to_have_count(1)


def test_turning_two_lists_down_calls_for_a_person_and_tells_the_page(visiting: Visiting) -> None:
    visit = visiting()
    heard = "document.addEventListener('faqbot-handoff', (event) => { window.heard = event.detail.reason; })"
    visit.page.evaluate(heard)
    visit.open()
    for _ in range(2):
        visit.ask(QUESTION).get_by_role("button", name="都不是").click()
        told = visit.last_reply()
    expect(told.get_by_role("link", name="联系人工客服")).to_be_visible()
    assert visit.page.evaluate("window.heard") == "repeated_misses"


def test_an_answer_has_its_markdown_its_links_and_its_follow_ups(visiting: Visiting) -> None:
    visit = visiting()
    visit.open()
    reply = visit.ask("如何申请退款？")
    expect(reply.locator(".bubble strong")).to_have_text("申请退款")
    expect(reply.locator(".bubble ol li")).to_have_text(["选择商品", "填写原因"])
    expect(reply.get_by_role("list", name="相关链接").get_by_role("link")).to_have_text(["退款.pdf", "example.com"])
    reply.get_by_role("list", name="您可能还想问").get_by_role("button", name="怎么开发票？").click()
    expect(visit.last_reply().locator(".bubble")).to_contain_text("订单完成后在「发票」页申请。")


def test_an_answer_cannot_run_code_even_when_it_entered_unsanitised(visiting: Visiting) -> None:
    visit = visiting()
    visit.open()
    reply = visit.ask("恶意内容会怎样？")
    expect(reply.locator(".bubble strong")).to_have_text("粗")
    expect(reply.locator("img")).to_have_count(0)
    expect(reply.locator("a")).to_have_count(1)
    expect(reply.locator("a")).to_have_attribute("href", "https://example.com/help")
    visit.ask(HOSTILE)
    expect(visit.dialog.locator("img")).to_have_count(0)
    assert visit.page.title() != "broken"


def test_the_keyboard_alone_is_enough(visiting: Visiting) -> None:
    visit = visiting()
    keyboard, launcher = visit.page.keyboard, visit.page.get_by_role("button", name="打开对话")
    launcher.focus()
    keyboard.press("Enter")
    expect(visit.dialog.get_by_role("textbox", name="您的问题")).to_be_focused()
    keyboard.type(QUESTION)
    keyboard.press("Enter")
    listed = visit.last_reply()
    expect(visit.dialog.get_by_role("textbox")).to_be_focused()
    for _ in range(2):
        keyboard.press("Shift+Tab")
    expect(listed.get_by_role("button").nth(2)).to_be_focused()
    keyboard.press("Enter")
    expect(visit.last_reply().get_by_role("group", name="这个回答有帮助吗？")).to_be_visible()
    keyboard.press("Escape")
    expect(visit.dialog).to_have_count(0)
    expect(launcher).to_be_focused()


def test_a_failure_says_what_to_do_and_can_be_tried_again(visiting: Visiting) -> None:
    visit = visiting(expected="Failed to load resource")
    visit.open()
    context = visit.page.context
    context.set_offline(True)
    expect(visit.dialog.locator(".banner")).to_have_text("网络已断开，恢复后可以继续提问。")
    failed = visit.ask("多久发货？")
    expect(failed.locator(".bubble")).to_contain_text("连接不上服务，请检查网络后重试。")
    context.set_offline(False)
    expect(visit.dialog.locator(".banner")).to_be_hidden()
    failed.get_by_role("button", name="重试").click()
    expect(visit.last_reply().locator(".bubble")).to_contain_text("48 小时内发货。")
    expect(visit.dialog.locator(".message.customer")).to_have_count(1)
    visit.page.route("**/api/v1/ask", lambda route: route.fulfill(status=503, body="starting"))
    expect(visit.ask("多久发货？").locator(".bubble")).to_contain_text("服务正忙或正在启动，请稍后重试。")


def test_typing_is_shown_while_the_answer_is_looked_for(visiting: Visiting) -> None:
    visit = visiting()
    visit.open()
    held: list[Any] = []
    visit.page.route("**/api/v1/ask", lambda route: held.append(route))  # noqa: PLW0108
    visit.dialog.get_by_role("textbox").fill("多久发货？")
    visit.page.keyboard.press("Enter")
    expect(visit.dialog.get_by_role("img", name="正在查找答案…")).to_be_visible()
    expect(visit.dialog.get_by_role("log")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(visit.last_reply().locator(".bubble")).to_contain_text("48 小时内发货。")
    expect(visit.dialog.get_by_role("log")).to_have_attribute("aria-busy", "false")


def test_the_next_page_in_the_tab_goes_on_with_the_conversation(visiting: Visiting) -> None:
    visit = visiting()
    visit.open()
    listed = visit.ask(QUESTION)
    first = listed.get_by_role("button").first.inner_text()
    visit.page.reload()
    expect(visit.dialog.locator(".message.customer")).to_have_text(f"您说：{QUESTION}")
    visit.ask("1")
    expect(visit.last_reply().get_by_role("group", name="这个回答有帮助吗？")).to_be_visible()
    assert visit.page.evaluate("sessionStorage.length") == 1
    assert first in visit.page.evaluate("Object.values(sessionStorage)[0]")


def test_a_stranger_with_a_strict_policy_can_embed_it(visiting: Visiting, stranger: str) -> None:
    visit = visiting(stranger)
    visit.open("Open the chat")
    expect(visit.dialog.get_by_role("heading", name="Ask us")).to_be_visible()
    expect(visit.ask("How do I request a refund?").locator("strong")).to_have_text("My orders")
    expect(visit.last_reply().get_by_role("button", name="It helped")).to_be_visible()
    # The sheet took hold, though the policy forbids inline styles.
    assert visit.dialog.evaluate("(dialog) => getComputedStyle(dialog).position") == "fixed"
    assert visit.violations() == []


def test_a_site_that_is_not_allowed_is_told_so_in_words(
    visiting: Visiting, compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = open_shop(tmp_path_factory.mktemp("closed"), compact_encoder, ask_open=False)
    with _serving(shop.app) as url:
        visit = visiting(f"{url}/demo", expected="401")
        visit.open()
        expect(visit.ask("多久发货？").locator(".bubble")).to_contain_text("没有提问的权限")
    shop.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_system_and_has_no_accessibility_fault(visiting: Visiting, scheme: str) -> None:
    visit = visiting(color_scheme=scheme)
    assert visit.violations() == []
    visit.open()
    visit.ask("如何申请退款？").get_by_role("button", name="没有帮助").click()
    visit.ask(QUESTION)
    visit.ask("转人工")
    expect(visit.last_reply().get_by_role("link")).to_be_visible()
    background = visit.dialog.evaluate("(dialog) => getComputedStyle(dialog).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 30, 28)"}[scheme]
    assert visit.violations() == []


def test_on_a_phone_it_covers_the_screen_and_nothing_overflows(visiting: Visiting) -> None:
    visit = visiting(viewport={"width": 360, "height": 640}, has_touch=True, reduced_motion="reduce")
    visit.open()
    visit.ask(QUESTION)
    box = visit.dialog.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 640)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.dialog.locator(".log").evaluate("(log) => log.scrollWidth <= log.clientWidth")
    assert visit.violations() == []
    visit.page.get_by_role("button", name="关闭对话").click()
    expect(visit.dialog).to_have_count(0)


def test_both_languages_have_the_same_texts(visiting: Visiting) -> None:
    visit = visiting()
    names = visit.page.evaluate(
        """async () => {
          const { TEXTS } = await import("/static/widget/texts.js");
          return [Object.keys(TEXTS.zh), Object.keys(TEXTS.en)];
        }"""
    )
    assert names[0] == names[1]
