"""A number format of Excel, such as `#,##0.00;[Red]-#,##0.00`, taken apart (ECMA-376, part 1, 18.8.31)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|\\(?P<escaped>.)"
    r"|_(?P<width>.)"
    r"|\*(?P<fill>.)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General)"
    r"|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<power>E[+-])"
    r"|(?P<moment>y+|m+|d+|h+|s+|e+|g+|b+|a{3,})"
    r"|(?P<digit>[0#?])"
    r"|(?P<mark>[.,%/@])"
    r"|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARE: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_COLOURS = re.compile(
    r"(?:black|blue|cyan|green|magenta|red|white|yellow|黑色|蓝色|绿色|红色|白色|黄色|color\s*\d+)", re.IGNORECASE
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)


class UnknownFormatError(ValueError):
    """A format says something that is not understood here."""


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a section.

    Attributes:
        kind: `literal`, `digit`, `mark`, `power`, `general`, `half`, `moment` or `elapsed`.
        text: As it stands in the format; of a literal, what it shows.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the up to four parts of a format.

    Attributes:
        tokens: What it shows.
        condition: For which numbers; None: for those that its place says.
        locale: The language of names, as in `[$-804]`, in lower case; empty where none is said.
    """

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None
    locale: str

    @property
    def is_moment(self) -> bool:
        """Whether it shows a date or a time."""
        return any(token.kind in ("moment", "elapsed", "half") for token in self.tokens)

    @property
    def shows_text(self) -> bool:
        """Whether it is for texts."""
        return any(token == Token("mark", "@") for token in self.tokens)

    def fits(self, value: float) -> bool:
        """Whether its condition holds for a number."""
        return self.condition is None or _COMPARE[self.condition[0]](value, self.condition[1])


@lru_cache(maxsize=1000)
def sections_of(code: str) -> tuple[Section, ...]:
    """Take a format apart.

    Raises:
        UnknownFormatError: Something in it is not understood.
    """
    sections, tokens, condition, locale = [], list[Token](), None, ""
    for found in _TOKEN.finditer(code):
        kind, text = found.lastgroup or "", found[found.lastgroup or 0]
        if kind == "literal" and text == ";":
            sections.append(Section(tuple(tokens), condition, locale))
            tokens, condition, locale = [], None, ""
        elif kind == "bracket":
            literal, said, condition = _bracket(text, condition)
            locale = said or locale
            if literal:
                tokens.append(literal)
        elif kind in ("quoted", "escaped", "literal"):
            tokens.append(Token("literal", text))
        elif kind == "width":
            tokens.append(Token("literal", " "))
        elif kind != "fill":
            tokens.append(Token(kind, text))
    return (*sections, Section(tuple(tokens), condition, locale))


def _bracket(text: str, condition: tuple[str, float] | None) -> tuple[Token | None, str, tuple[str, float] | None]:
    """What `[...]` shows, the language that it says, and the condition."""
    if text.startswith("$"):
        symbol, _, locale = text[1:].partition("-")
        return (Token("literal", symbol) if symbol else None), locale.lower(), condition
    if found := _CONDITION.fullmatch(text):
        return None, "", (found[1], float(found[2]))
    if _ELAPSED.fullmatch(text):
        return Token("elapsed", text.lower()), "", condition
    if _COLOURS.fullmatch(text) or text.lower().startswith("dbnum") or text.lower() == "natnum1":
        if text.lower().startswith("dbnum"):
            raise UnknownFormatError(text)
        return None, "", condition
    raise UnknownFormatError(text)
