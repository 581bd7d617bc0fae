"""What an entry says, as JSON values, for whatever is kept of entries for long."""

from __future__ import annotations

from typing import Any

from faqbot.knowledge import FIELDS, Entry, to_record

_DEFAULTS = {
    field.column.name: list(field.default) if field.is_list else field.default for field in FIELDS if not field.required
}


def stated(entry: Entry) -> dict[str, Any]:
    """`to_record` without the fields that have their default; `from_record` reads it back."""
    return {
        name: value for name, value in to_record(entry).items() if name not in _DEFAULTS or value != _DEFAULTS[name]
    }
