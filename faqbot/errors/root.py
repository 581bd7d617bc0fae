"""The root of every error that faqbot raises on purpose."""

from __future__ import annotations

from collections.abc import Sequence


class FaqbotError(Exception):
    """A failure that no other code names.

    The root of the tree. `str(error)` is one sentence for the caller that says what to change.

    Attributes:
        code: Stable, machine-readable name of the failure.
        message: The sentence, which `faqbot.language.translated` gives in another language.
        details: Further sentences or values, for example one per refused row. May be empty.
    """

    code = "internal_error"

    def __init__(self, message: str, details: Sequence[object] = ()) -> None:
        """Keep the sentence and its details."""
        super().__init__(message)
        self.message = message
        self.details = list(details)
