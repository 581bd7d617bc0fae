"""Answers are Markdown without HTML: what a file or an admin brings is made safe before it is stored.

An allow-list sanitiser such as nh3 reads HTML and writes HTML, so it would turn `a < b & c` into `a &lt; b &amp; c`
and the text would no longer be what its author wrote. Here the text stays as it is, but for three things:

- well-formed tags of HTML's own elements become Markdown or go (`faqbot.formats.text.html_to_markdown`);
- any other `<` that an HTML parser could take for the start of a tag gets a space after it: `a<b` becomes `a< b`;
- links that would run code (`javascript:`, `vbscript:`, `data:`, in every disguise that Markdown decodes) lead nowhere.

So no HTML parser finds an element in a safe answer, and a Markdown renderer makes none that runs code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from faqbot.formats.text.characters import printable
from faqbot.formats.text.html_to_markdown import link_target, without_html

_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_INLINE_CODE = re.compile(r"(`[^`\n]+`)")
_FENCES = ("```", "~~~")
# A link's target stands after `](`, in a definition after `]:`; the mark of a quotation may come between.
_TARGET_START = r"(\][(:][\s>]*)"
_TARGET = re.compile(_TARGET_START + r"<?\s*((?:(?!\][(:])(?:[^\s<>()]|\([^\s<>()]*\)))*)")
_TARGET_IN_ANGLES = re.compile(_TARGET_START + r"<([^<>\n]*)>")
_UNSAFE = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_UNSEEN_IN_SCHEMES = re.compile(r"[\s\x00-\x20\\\u200b-\u200f\ufeff]")
# One round is enough for all but texts made to confuse; what it leaves is safe in any case.
_ROUNDS = 5


def safe_answer(text: str) -> str:
    """Make an answer safe to show wherever Markdown is rendered; doing it again changes nothing.

    Args:
        text: Markdown, perhaps with HTML in it.
    """
    for _ in range(_ROUNDS):
        before, text = text, _safer(text)
        if text == before:
            break
    return text


def _safer(text: str) -> str:
    if "<" in text:
        # Tags in code are meant to be read, so they are only taken apart.
        text = "".join(part if is_code else without_html(part) for part, is_code in _by_code(text))
        text = _TARGET_IN_ANGLES.sub(lambda found: found[1] + link_target(found[2]), text)
        text = _TAG_START.sub("< ", text)
    return printable(_TARGET.sub(_harmless_target, text))


def _by_code(text: str) -> Iterator[tuple[str, bool]]:
    """Split Markdown into (part, whether it is code), at fences and at backticks."""
    block: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        start = line.lstrip()[:3]
        if (fence and start == fence) or (not fence and start in _FENCES):
            yield from _by_inline_code("".join(block), is_code=bool(fence))
            yield line, True
            block, fence = [], "" if fence else start
        else:
            block.append(line)
    yield from _by_inline_code("".join(block), is_code=bool(fence))


def _by_inline_code(block: str, *, is_code: bool) -> Iterator[tuple[str, bool]]:
    if is_code:
        yield block, True
    else:
        for number, part in enumerate(_INLINE_CODE.split(block)):
            yield part, number % 2 == 1


def _harmless_target(found: re.Match[str]) -> str:
    # As a renderer and a browser read it: entities and escapes decoded, white space inside ignored.
    target = _UNSEEN_IN_SCHEMES.sub("", html.unescape(found[2].replace("\\", "")))
    return f"{found[1]}#" if _UNSAFE.match(target) else found[0]
