"""What the database knows of customers' questions, for learning."""

from __future__ import annotations

from collections.abc import Sequence

from faqbot.knowledge import Entry
from faqbot.services.admin.feedback import examples_of
from faqbot.services.answering.learning import PastQuestions, still_known
from faqbot.storage import CustomerFeedback, Labels


def past_questions(labels: Labels, feedback: CustomerFeedback | None, entries: Sequence[Entry]) -> PastQuestions:
    """Labels, and the feedback on questions without one, as far as they concern these entries or nothing at all."""
    labelled = still_known(labels.all(), entries)
    return PastQuestions(labelled, examples_of(feedback.last(), labelled) if feedback else [])
