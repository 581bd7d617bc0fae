"""What `docs/security.md` says of routes, settings and tests is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from faqbot.settings import Settings
from tests.rules.test_routes import ACCESS, ADMIN, AGENT, ASK, OPEN, SIGNED

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
# By how the row of the table begins.
ROWS = {"anybody": OPEN, "customers": ASK, "messengers": SIGNED, "`agent`": AGENT, "`admin`": ADMIN}
ROUTES = [
    (method, path, audience)
    for begins, audience in ROWS.items()
    for row in re.findall(rf"(?m)^\| {re.escape(begins)}.*$", PAGE)
    for method, path in re.findall(r"`([A-Z]+) (/\S*)`", row)
]
TESTS = sorted(set(re.findall(r"`(tests/[\w/.]+)`", PAGE)))
SETTINGS = sorted(set(re.findall(r"(?m)`([a-z]+\.[a-z_]+)`", PAGE)))


@pytest.mark.parametrize(("method", "path", "audience"), ROUTES)
def test_each_route_is_for_whom_the_page_says(method: str, path: str, audience: str) -> None:
    assert ACCESS[method, path] == audience


def test_the_page_has_a_row_for_every_audience() -> None:
    assert {audience for _method, _path, audience in ROUTES} == set(ACCESS.values())


@pytest.mark.parametrize("test", TESTS)
def test_each_claim_names_tests_that_are_there(test: str) -> None:
    found = ROOT / test
    assert found.is_file() or any(found.glob("test_*.py"))


def test_the_page_names_tests() -> None:
    assert len(TESTS) > 10


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_exists(name: str) -> None:
    section, field = name.split(".")
    kind = Settings.model_fields[section].annotation
    assert kind is not None
    assert field in kind.model_fields
