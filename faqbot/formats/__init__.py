"""Knowledge-base files: csv, xlsx, json, jsonl and yaml to entries and back. No database, no model."""

from faqbot.formats.losses import Loss
from faqbot.formats.registry import FORMATS, format_of, read_bytes, read_rows, to_bytes, write_file
from faqbot.formats.rows import ParsedFile, Row, RowError, derived_id, read_entry
from faqbot.formats.sanitising import safe_answer
from faqbot.formats.source import Limits

__all__ = [
    "FORMATS",
    "Limits",
    "Loss",
    "ParsedFile",
    "Row",
    "RowError",
    "derived_id",
    "format_of",
    "read_bytes",
    "read_entry",
    "read_rows",
    "safe_answer",
    "to_bytes",
    "write_file",
]
