"""What of a question is not kept: e-mail addresses, and numbers long enough to be somebody's."""

from __future__ import annotations

import re

EMAIL = "[email]"
NUMBER = "[number]"

_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Seven digits or more, also in groups: phone, card, identity and order numbers. Prices and sizes are shorter.
_NUMBER = re.compile(r"\+?\d(?:[\s()./-]{0,2}\d){6,}[Xx]?")


def masked(text: str) -> str:
    """The text with `[email]` for addresses and `[number]` for numbers of seven digits or more.

    Args:
        text: As `faqbot.knowledge.clean` gives it, so that full-width digits are ordinary ones.
    """
    return _NUMBER.sub(NUMBER, _EMAIL.sub(EMAIL, text))
