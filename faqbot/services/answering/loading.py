"""A published version as it was stored, made ready to answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from faqbot.encoder import Encoder
from faqbot.encoder.unrelated import encode_unrelated
from faqbot.errors import ModelMismatch
from faqbot.knowledge import wordings_of
from faqbot.language import Text, _, _n
from faqbot.matching.decision.decision import Decider
from faqbot.matching.decision.learned_bytes import unpack
from faqbot.matching.model.fitted import Labelled
from faqbot.matching.model.learned_matcher import LearnedMatcher
from faqbot.matching.model.learning import unlearned
from faqbot.matching.model.matcher import Matcher
from faqbot.matching.model.prior import load_prior
from faqbot.matching.passages.model import LearnedPassages, checksum_of_passages
from faqbot.matching.passages.search import PassageSearch
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.scoring import measure_scale
from faqbot.passages import Passage, passages_of
from faqbot.services.answering.learning import with_vectors
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.answering.vectors import StoredVectors, texts_of
from faqbot.storage import StoredVersion, Vectors, Versions

_log = logging.getLogger(__name__)


def load_snapshot(
    versions: Versions,
    vectors: Vectors,
    encoder: Encoder,
    number: int,
    *,
    known: Snapshot | None = None,
    target_precision: float = 0.95,
    encode: bool = False,
) -> Snapshot:
    """Read a version and the vectors of its wordings.

    What another release of faqbot learned may not be readable, or be about vectors of another build of the model: then
    the version answers by what the model's prior believes, with a cautious threshold, and is marked as outdated.

    Args:
        versions: Where it is.
        vectors: Of its wordings and passages.
        encoder: Which made those.
        number: Which version.
        known: Given back where it is that very version.
        target_precision: Sets the cautious threshold.
        encode: Whether to make the vectors anew where another build of the same model made those that are there; takes
            as long as encoding every text.

    Raises:
        VersionNotFound: There is no such version.
        ModelMismatch: Its vectors belong to another model, or to another build where `encode` is false.
    """
    version = versions.get(number)
    if known and not known.outdated and (known.version, known.created_at) == (version.number, version.created_at):
        return known
    is_ours = version.fingerprint == encoder.info.fingerprint
    if not is_ours and not (encode and version.model == encoder.info.model):
        raise ModelMismatch(_encoded_otherwise(version, encoder.info.model))
    stored, wordings = StoredVectors(vectors, encoder), wordings_of(version.entries)
    labels = version.learned.labelled if version.learned else ()
    texts, asked = [wording.text for wording in wordings], [question.text for question in labels]
    if not is_ours:
        _log.warning("Version %s was encoded with another build of the model; its texts are encoded again.", number)
        stored.prepare([*texts_of(version.entries), *asked])
    if missing := stored.missing([*texts, *asked]):
        raise ModelMismatch(
            _n(
                "{count} wording of version {number} has no vectors: run `faqbot publish`.",
                "{count} wordings of version {number} have no vectors: run `faqbot publish`.",
                missing,
                number=number,
            )
        )
    index = WordingIndex(wordings, stored.of(texts))
    labelled = with_vectors(labels, version.entries, stored.of(asked) if asked else [])
    learned = _read(version, index, labelled) if is_ours else None
    outdated, search = learned is None, None
    if learned is None:
        matcher: Matcher = LearnedMatcher(
            index, unlearned(wordings, load_prior(encoder.info.fingerprint), target_precision)
        )
    else:
        matcher, in_passages = learned
        if passages := passages_of(version.entries):
            search = _search(passages, in_passages, stored)
            outdated = search is None
    scale = measure_scale(encode_unrelated(encoder))
    return Snapshot(
        version.entries,
        Decider(index, matcher, scale, search),
        version=number,
        created_at=version.created_at,
        outdated=outdated,
        labelled=labels,
    )


def _encoded_otherwise(version: StoredVersion, model: str) -> Text:
    if version.model == model:
        return _(
            "Version {number} was encoded with another build of model '{model}', whose weights or options differ: a "
            "running server encodes it again by itself; otherwise run `faqbot publish`.",
            number=version.number,
            model=model,
        )
    return _(
        "Version {number} was encoded with model '{other}', this is '{model}': "
        "run `faqbot publish` to encode it again, or set encoder.model back.",
        number=version.number,
        other=version.model,
        model=model,
    )


def _read(
    version: StoredVersion, index: WordingIndex, labelled: Sequence[Labelled]
) -> tuple[Matcher, LearnedPassages | None] | None:
    """What was learned from the version's wordings, labelled questions and long answers; None where it is of no use."""
    try:
        if version.learned is None:
            raise ValueError("It was published without learning.")
        matcher, passages = unpack(version.learned.fitted)
        return LearnedMatcher.from_bytes(matcher, index, labelled), passages
    except Exception as error:
        # Another release has written it: nobody knows what can go wrong, and customers are answered all the same.
        _log.warning(
            "This release of faqbot cannot use what was learned from version %s (%s: %s). It answers cautiously until "
            "it is learned again: a running server does that in the background, `faqbot calibrate` at once.",
            version.number,
            type(error).__name__,
            error,
        )
        return None


def _search(
    passages: Sequence[Passage], learned: LearnedPassages | None, vectors: StoredVectors
) -> PassageSearch | None:
    """The search over long answers; None where another release split them otherwise, or not at all."""
    if learned is None or learned.checksum != checksum_of_passages(passages):
        _log.warning("Long answers are not searched until the version is learned again: another release published it.")
        return None
    encodings = vectors.of([passage.wording.text for passage in passages])
    return PassageSearch(passages, encodings, measure_scale(encode_unrelated(vectors.encoder)), learned)
