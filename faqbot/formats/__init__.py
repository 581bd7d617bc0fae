"""Knowledge-base files: csv, xlsx, json, jsonl and yaml to entries and back. No database, no model."""

from faqbot.formats.files.rejected import Rejected, rejected_bytes, rejected_ending
from faqbot.formats.registry import FORMATS, format_of, read_bytes, read_rows, to_bytes, write_file
from faqbot.formats.rows.choice import Choice
from faqbot.formats.rows.losses import Loss
from faqbot.formats.rows.rows import ParsedFile, Row, RowError, derived_id, place_of, read_entry
from faqbot.formats.rows.source import Limits
from faqbot.formats.text.sanitising import safe_answer

__all__ = [
    "FORMATS",
    "Choice",
    "Limits",
    "Loss",
    "ParsedFile",
    "Rejected",
    "Row",
    "RowError",
    "derived_id",
    "format_of",
    "place_of",
    "read_bytes",
    "read_entry",
    "read_rows",
    "rejected_bytes",
    "rejected_ending",
    "safe_answer",
    "to_bytes",
    "write_file",
]
