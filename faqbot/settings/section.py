"""What all sections have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Settings that belong together: no other names are accepted, and nothing changes them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
