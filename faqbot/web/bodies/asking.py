"""Questions."""

from __future__ import annotations

from pydantic import BaseModel, Field

from faqbot.channels.segment_token import LONGEST
from faqbot.web.bodies.known_fields import Body, Input


class AskBody(Body):
    """A customer's question."""

    question: str = Field(description="In the customer's own words.")
    mode: str | None = Field(None, description="`dense`, `sparse`, `colbert` or `hybrid`; unset: the setting.")
    top: int | None = Field(None, description="Suggestions at most, 1 to 50; unset: the setting.")
    language: str | None = Field(None, max_length=35, description="BCP 47 tag of the wanted answer; unset: guessed.")
    filters: dict[str, str | list[str]] | None = Field(
        None,
        description="Only entries with this `category`, `tag`, `language` or `entry_id`, and `segment` for who asks: "
        "one value or several each. `segment` counts with the key of an agent or admin only.",
    )
    segment_token: str | None = Field(
        None,
        max_length=LONGEST,
        description="Who asks, signed by the site: a JSON Web Token (HS256) with `segments` and `exp`.",
    )
    session_id: str | None = Field(
        None,
        max_length=128,
        description="Which conversation the question belongs to: then choices such as `2`, thanks, and requests for a "
        "person are understood. Unset: each question stands for itself.",
    )
    explain: bool = Field(
        False, description="Whether the reply says how the score came about; to the keys of agents and admins only."
    )


class SimilarityBody(Body):
    """Two texts to compare."""

    a: str
    b: str


class _Lookup(BaseModel):
    q: str = Field(description="The customer's question, or a text.")
    top: int | None = Field(None, description="Rows at most, 1 to 50; unset: the setting.")
    mode: str | None = Field(None, description="`dense`, `sparse`, `colbert` or `hybrid`; unset: the setting.")
    segment: str | None = Field(None, description="Who asks; unset: entries for everybody.")


class LookupQuery(_Lookup, Input):
    """An agent's search."""


class LookupBody(_Lookup, Body):
    """The same with a text of up to 32,768 characters."""
