"""No regular expression of ours can be kept busy by a text that somebody made for it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import faqbot

_FUNCTIONS = frozenset({"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"})
# So close together that a pattern which doubles its time with each repeat is caught before it runs for minutes.
_REPEATS = (*range(4, 34, 2), 100, 300, 1000)
_LONGEST = 2000
_SECONDS = 0.2


def _written(path: Path) -> Iterator[str]:
    """Patterns that stand as plain strings in calls of `re`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _FUNCTIONS
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield node.args[0].value


def _every_pattern() -> dict[str, re.Pattern[str]]:
    """By place: those that modules hold, and those that are written where they are used."""
    found: dict[str, re.Pattern[str]] = {}
    for module in sorted(one.name for one in pkgutil.walk_packages(faqbot.__path__, "faqbot.")):
        if not module.endswith("__main__"):
            held = importlib.import_module(module)
            patterns = {name: value for name, value in vars(held).items() if isinstance(value, re.Pattern)}
            for name, several in vars(held).items():
                if isinstance(several, tuple):
                    patterns |= {f"{name}-{n}": one for n, one in enumerate(several) if isinstance(one, re.Pattern)}
            found |= {f"{module}.{name}": one for name, one in patterns.items() if isinstance(one.pattern, str)}
    known = {pattern.pattern for pattern in found.values()}
    for path in sorted(Path(faqbot.__path__[0]).rglob("*.py")):
        for number, text in enumerate(_written(path)):
            if text not in known:
                found[f"{path.stem}-{number}"] = re.compile(text)
    return found


EVERY_PATTERN = _every_pattern()


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    start = time.process_time()
    pattern.fullmatch(text)
    pattern.sub("", text)
    return time.process_time() - start


def _slowest(pattern: re.Pattern[str], text: str) -> tuple[float, str]:
    """Every part of a text that fits the pattern, repeated and then broken off: the longest that any of them takes."""
    worst, culprit = 0.0, ""
    parts = {text[start : start + length] for length in (1, 2, 3, 5, 8) for start in range(0, len(text), 2)} - {""}
    for part in sorted(parts)[:25]:
        for repeats in _REPEATS:
            made = f"{text}{part * min(repeats, _LONGEST // len(part))}\0"
            taken = _seconds(pattern, made)
            if taken > worst:
                worst, culprit = taken, f"{part!r} {repeats} times"
            if worst > _SECONDS:
                return worst, culprit
    return worst, culprit


@pytest.mark.parametrize("place", EVERY_PATTERN)
def test_no_text_keeps_a_pattern_busy(place: str) -> None:
    _try_to_keep_busy(EVERY_PATTERN[place])


def _try_to_keep_busy(pattern: re.Pattern[str]) -> None:
    @settings(
        max_examples=6,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # A slow text takes long enough; a shorter one would not say more.
        suppress_health_check=list(HealthCheck),
    )
    @given(st.from_regex(pattern, alphabet=st.characters()))
    def try_one(text: str) -> None:
        taken, culprit = _slowest(pattern, text[:60])
        assert taken < _SECONDS, f"{pattern.pattern!r} takes {taken:.2f} s for {culprit}"

    try_one()


@pytest.mark.parametrize("pattern", [r"(我要|我想|我想要|要)*(人工|客服)", r"(a+)+b", r"(\d+[ -]?)+x", r"(?:a|aa)+$"])
def test_patterns_that_can_be_kept_busy_are_found(pattern: str) -> None:
    with pytest.raises(AssertionError, match="takes"):
        _try_to_keep_busy(re.compile(pattern))
