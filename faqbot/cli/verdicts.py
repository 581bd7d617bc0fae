"""What was decided about a question, in words."""

from __future__ import annotations

from faqbot.language import Text, _

VERDICTS: dict[str, Text] = {
    "answer": _("answer"),
    "suggest": _("suggest"),
    "fallback": _("fallback"),
    "refused": _("refused"),
}
