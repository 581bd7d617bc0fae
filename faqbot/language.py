"""Sentences for people, written once in English where they arise, and shown in the language of who reads them.

`_("There is no version {number}.", number=7)` is a `Text`: a `str` whose value is the English sentence. Programs, logs,
JSON and the database take it as such. It also remembers what it was made of, so that whoever shows it to a person can
say it in another language: `translated(text, "zh")`. What makes a new string of it (`+`, `strip`, an f-string) gives
plain English; so sentences are put together from templates, whose values may be `Text`s themselves.

The Chinese stands in `locale/zh/LC_MESSAGES/faqbot.po`; `make messages` brings it up to date.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DOMAIN = "faqbot"
LOCALE_FOLDER = Path(__file__).parent / "locale"
# What moves a terminal's cursor, ends a line, turns the direction of what follows, or is half a character.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_JOINTS: dict[Language, str] = {"en": ", ", "zh": "、"}


class Text(str):
    """An English sentence that can be translated.

    Attributes:
        template: What it was made of, with `{name}` where values stand.
        values: The values by name. `Text`s among them, and among the items of a list, are translated too.
        plural: The template for any number but one; empty where nothing is counted.
        number: How many, where something is counted.
    """

    __slots__ = ("number", "plural", "template", "values")

    template: str
    values: Mapping[str, object]
    plural: str
    number: int

    def __new__(
        cls, template: str, values: Mapping[str, object] | None = None, plural: str = "", number: int = 1
    ) -> Text:
        """Write the English sentence and keep what it was made of."""
        values = values or {}
        chosen = plural if plural and number != 1 else template
        text = super().__new__(cls, _filled(chosen, values, "en") if values else chosen)
        text.template, text.values, text.plural, text.number = template, values, plural, number
        return text

    def __getnewargs__(self) -> tuple[str, Mapping[str, object], str, int]:  # type: ignore[override]
        """What a copy is made of."""
        return self.template, self.values, self.plural, self.number


def _(template: str, **values: object) -> Text:
    """A sentence for people; lists among the values are joined by commas."""
    return Text(template, values)


def _n(singular: str, plural: str, count: int, **values: object) -> Text:
    """A sentence for people that says how many: `_n("{count} entry", "{count} entries", 3)`."""
    return Text(singular, {"count": count, **values}, plural, count)


def translated(text: str, language: Language) -> str:
    """A sentence in a language; in English where it is no `Text` or nobody has translated it."""
    if not isinstance(text, Text):
        return text
    catalogue = _catalogue(language)
    if text.plural:
        template = catalogue.ngettext(text.template, text.plural, text.number)
    else:
        template = catalogue.gettext(text.template)
    return _filled(template, text.values, language) if text.values else template


def shown(text: str) -> str:
    """Somebody else's text as it may stand in a line: what is no letter but an order, such as a line's end, spelt."""
    return _UNSHOWN.sub(lambda found: ascii(found[0])[1:-1], text)


def _filled(template: str, values: Mapping[str, object], language: Language) -> str:
    return template.format(**{name: _spoken(value, language) for name, value in values.items()})


def _spoken(value: object, language: Language) -> object:
    if isinstance(value, list | tuple):
        return _JOINTS[language].join(str(_spoken(item, language)) for item in value)
    if isinstance(value, Text):
        return translated(value, language)
    return shown(str(value)) if isinstance(value, str | Path) else value


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    # English needs none: it is what the code says.
    return gettext.translation(DOMAIN, LOCALE_FOLDER, [language], fallback=language == "en")
