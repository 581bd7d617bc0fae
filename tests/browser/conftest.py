"""A browser, and a shop that it visits."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, sync_playwright
from werkzeug.serving import make_server

from faqbot.encoder import Encoder
from faqbot.knowledge import Entry
from faqbot.services.checks.findings import Override
from tests.integration.web.shop import ENTRIES, Shop, open_shop

# Put straight into the database, past the sanitising at the entrance: the page must be safe by itself.
HOSTILE = Entry(
    "hostile",
    "恶意内容会怎样？",
    (),
    "<img src=x onerror=\"document.title='broken'\"> [点](javascript:alert(1)) [好](https://example.com/help) **粗**",
    "zh",
    "其他",
)
UNCHECKED = Override("unsafe_content", "The page is tested with it.")
QUESTION = "退款的钱几时到我卡里"


@pytest.fixture(scope="session")
def shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that answers what is asked word for word, and suggests for everything else."""
    bounds = {"answer_threshold": 1.0, "suggest_threshold": 0.0, "suggestions": 3}
    folder = tmp_path_factory.mktemp("browser")
    opened = open_shop(folder, compact_encoder, entries=(*ENTRIES, HOSTILE), overrides=(UNCHECKED,), matching=bounds)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def address(shop: Shop) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, shop.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where it is installed, else Playwright's own."""
    system = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        opened = None
        with suppress(Error):
            # Run as root, as containers do, Chromium refuses its sandbox; it visits our own page only.
            opened = playwright.chromium.launch(executable_path=system, args=["--no-sandbox", "--disable-gpu"])
        if opened is None:
            pytest.fail("No Chromium could be started: `sh tests/browser/get_browser.sh .venv/bin` gets one.", False)
        yield opened
        opened.close()
