"""Long answers of one version: their passages' vectors, what is learned from them, and the search over them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from faqbot.encoder import Encoder
from faqbot.encoder.stacked import Encodings
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.model.fitted import Fitted
from faqbot.matching.model.passage_model import LearnedPassages, checksum_of_passages
from faqbot.matching.passages.learning import Asked, learn_passages
from faqbot.matching.passages.search import PassageSearch
from faqbot.matching.search.scoring import UNRELATED_TEXTS, Scale, measure_scale
from faqbot.passages import Passage, passages_of
from faqbot.storage import Repository, checksum_of

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The passages of the long answers; there is at least one.

    Attributes:
        passages: In the order of the entries.
        encodings: One per passage, of its `wording`.
    """

    passages: tuple[Passage, ...]
    encodings: Encodings

    def learn(
        self,
        entries: Sequence[Entry],
        asked_as: Encodings,
        encoder: Encoder,
        real: Sequence[Asked],
        target_precision: float,
    ) -> LearnedPassages:
        """Learn how far a passage can be believed.

        Args:
            entries: The whole knowledge base.
            asked_as: One encoding per wording of the entries.
            encoder: Which made all of them.
            real: Labelled questions of customers.
            target_precision: Share of answers by a passage that have to be right.
        """
        return learn_passages(
            self.passages,
            self.encodings,
            measure_scale(encoder.encode(UNRELATED_TEXTS)),
            wordings=wordings_of(entries),
            asked_as=asked_as,
            real=real,
            target_precision=target_precision,
        )


def read_documents(repository: Repository, fingerprint: str, passages: Sequence[Passage]) -> Documents | None:
    """The passages with their stored vectors; None where there are none.

    Raises:
        StorageError: A passage has no vectors.
    """
    if not passages:
        return None
    checksums = [checksum_of(passage.wording.text) for passage in passages]
    return Documents(tuple(passages), repository.get_stack(fingerprint, checksums))


def searching(documents: Documents | None, fitted: Fitted, scale: Scale) -> PassageSearch | None:
    """The search over long answers; None where there are none.

    Args:
        documents: Whose passages `fitted` was learned from.
        fitted: What was learned.
        scale: Of the model.
    """
    if documents is None or fitted.passages is None:
        return None
    return PassageSearch(documents.passages, documents.encodings, scale, fitted.passages)


def searched_passages(entries: Sequence[Entry], fitted: Fitted) -> tuple[Passage, ...]:
    """The passages of a published version that can be searched.

    A release that splits otherwise, or none at all, published a version whose passages have no vectors; it keeps
    answering by its questions.
    """
    passages = tuple(passages_of(entries))
    learned = fitted.passages
    if passages and (learned is None or learned.checksum != checksum_of_passages(passages)):
        _log.warning("Long answers are not searched: another release of faqbot published them; run `faqbot publish`.")
        return ()
    return passages
