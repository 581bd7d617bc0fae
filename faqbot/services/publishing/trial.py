"""A knowledge base learned exactly as it would be published, without being published."""

from __future__ import annotations

from dataclasses import dataclass

from faqbot.encoder import Encoder
from faqbot.encoder.stacked import Encodings
from faqbot.knowledge import Entry
from faqbot.matching.model.fitted import Fitted
from faqbot.matching.model.held_out_wording import HeldOutWording
from faqbot.services.answering.documents import Documents


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What a version would be made of.

    Attributes:
        entries: Enabled entries.
        encodings: One per wording of `wordings_of(entries)`.
        encoder: Which made them.
        fitted: What was learned.
        documents: The long answers among the entries; None where there are none.
        held_out: What became of each wording that was asked while the rest answered.
    """

    entries: tuple[Entry, ...]
    encodings: Encodings
    encoder: Encoder
    fitted: Fitted
    documents: Documents | None
    held_out: tuple[HeldOutWording, ...]
