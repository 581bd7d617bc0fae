"""What a backup says that it holds."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = 1

VECTORS = "vectors"
"""The table that can be made again, by encoding."""

TRANSIENT = frozenset({"jobs", "deliveries"})
"""Work in hand: done a second time from a backup, it would be done twice."""


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One table in the file.

    Attributes:
        rows: How many.
        sha256: Of its lines, hexadecimal.
        binary: The columns whose values are base64.
    """

    rows: int
    sha256: str
    binary: list[str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        format: Of the file.
        revision: Of the tables.
        created_at: UTC, ISO 8601.
        tables: By name, those that others refer to first.
    """

    format: int
    revision: str
    created_at: str
    tables: dict[str, TableRecord]
