"""What a text is known by."""

from __future__ import annotations

import hashlib

from faqbot.knowledge import clean


def checksum_of(text: str) -> str:
    """SHA-256 of the cleaned text in UTF-8, hexadecimal: equal for texts that the encoder sees as equal."""
    return hashlib.sha256(clean(text).encode("utf-8")).hexdigest()
