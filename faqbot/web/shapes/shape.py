"""What all shapes have in common, and the one error body."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A reply or a part of one; it holds its fields and no others."""

    model_config = ConfigDict(extra="forbid")


ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Error",
    "required": ["error", "request_id"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string", "description": "Stable and machine-readable."},
                "message": {"type": "string", "description": "One sentence that says what to change."},
                "details": {"type": "array", "items": {}},
            },
        },
        "request_id": {"type": "string"},
    },
}
"""The one error body."""
