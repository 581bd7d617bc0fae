"""The one door: a question in, what may be kept of it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from faqbot.services.answering.masking.accounts import ibans
from faqbot.services.answering.masking.addresses import emails, network_addresses
from faqbot.services.answering.masking.codes import codes, papers
from faqbot.services.answering.masking.credentials import credentials
from faqbot.services.answering.masking.numbers import long_numbers, spelled_numbers

_Finder: TypeAlias = Callable[[str], Iterable[tuple[int, int]]]

# The longest and surest first: what is a secret as a whole is not cut into numbers.
_STEPS: tuple[tuple[str, _Finder], ...] = (
    ("[secret]", credentials),
    ("[email]", emails),
    ("[address]", network_addresses),
    ("[iban]", ibans),
    ("[number]", papers),
    ("[code]", codes),
    ("[number]", long_numbers),
    ("[number]", spelled_numbers),
)


def masked(text: str) -> str:
    """The text with `[email]`, `[number]`, `[secret]` and the like in the place of what is nobody else's business.

    Every step takes time that grows with the text and no faster.

    Args:
        text: As `faqbot.knowledge.clean` gives it, so that full-width digits are ordinary ones.
    """
    for label, find in _STEPS:
        text = _replaced(text, label, find(text))
    return text


def _replaced(text: str, label: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, end = [], 0
    for start, stop in spans:
        parts += [text[end:start], label]
        end = stop
    return "".join(parts) + text[end:] if parts else text
