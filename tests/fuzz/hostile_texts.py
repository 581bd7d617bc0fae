"""Texts that break programs, from `hostile.json`: `text` as often as `times` says, or a `range` of letters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def _text_of(record: Mapping[str, Any]) -> str:
    if "range" in record:
        first, count = record["range"]
        return "".join(chr(first + number) for number in range(count))
    return str(record["text"]) * int(record.get("times", 1))


_RECORDS = json.loads(Path(__file__).with_name("hostile.json").read_text(encoding="utf-8"))
HOSTILE: Mapping[str, str] = {record["name"]: _text_of(record) for record in _RECORDS}
"""By name."""
