"""Where a question comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a question came from.

    Attributes:
        channel: The door, such as `api` or `rasa`.
        request_id: As in the reply.
        session_id: The conversation as the channel names it; kept as a pseudonym only.
        names_excluded: Whether whoever asks may be told of entries that are not valid now or for somebody else; an
            explanation that would quote one is left out otherwise.
        network: Of the customer who asks, as `faqbot.web.addresses` gives it; empty where a program asks for customers.
            Only counted in memory, or kept under a keyed hash.
    """

    channel: str = ""
    request_id: str = ""
    session_id: str = ""
    names_excluded: bool = True
    network: str = ""
