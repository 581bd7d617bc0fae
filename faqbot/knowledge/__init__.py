"""What a knowledge base is made of: entries, the one list of their fields, and the rules for texts."""

from faqbot.knowledge.entry import (
    FIELDS,
    Column,
    Entry,
    EntryField,
    Kind,
    Wording,
    from_record,
    to_record,
    topic_of,
    wordings_of,
)
from faqbot.knowledge.text import clean, has_content, match_key, moment_of

__all__ = [
    "FIELDS",
    "Column",
    "Entry",
    "EntryField",
    "Kind",
    "Wording",
    "clean",
    "from_record",
    "has_content",
    "match_key",
    "moment_of",
    "to_record",
    "topic_of",
    "wordings_of",
]
