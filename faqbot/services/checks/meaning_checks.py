"""What can be wrong with a knowledge base's meaning, found with its vectors and by asking its own wordings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from faqbot.encoder import Encoder
from faqbot.encoder.stacked import Encodings
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.model.cross_fitting import HeldOutWording
from faqbot.matching.model.fitted import topics_of
from faqbot.matching.search.texts import Texts
from faqbot.services.checks.audiences import audiences_overlap
from faqbot.services.checks.duplicates import CERTAIN, find_duplicates
from faqbot.services.checks.findings import Finding

# So many wordings of others have to be won by one topic before its own wordings are suspected.
_STOLEN = 3
# In deviations of the similarities to all wordings.
_FAR = 0.7


def check_meaning(
    entries: Sequence[Entry],
    encodings: Encodings,
    encoder: Encoder,
    held_out: Sequence[HeldOutWording],
    answer_threshold: float,
) -> Iterator[Finding]:
    """Every problem of meaning.

    Args:
        entries: Enabled entries, at least one.
        encodings: One per wording of `wordings_of(entries)`.
        encoder: Which made them.
        held_out: What became of each wording that was asked while the rest answered.
        answer_threshold: Confidence from which customers get an answer directly.
    """
    for pair in find_duplicates(entries, encodings, encoder):
        if pair.conflict and pair.score < CERTAIN:
            yield Finding("possible_conflict", pair.entry_ids, pair.wordings)
        elif pair.conflict and pair.score < 1.0:
            yield Finding("conflicting_answers", pair.entry_ids, pair.wordings)
        elif not pair.conflict and CERTAIN <= pair.score < 1.0:
            yield Finding("duplicate_question", pair.entry_ids, pair.wordings)
    yield from _check_winners(entries, held_out, answer_threshold)
    yield from _check_outliers(entries, encodings, held_out)
    for wording in wordings_of(entries):
        if _is_cut_off(wording.text, encoder):
            yield Finding("long_wording", (wording.entry_id,), (wording.text,))


def _check_winners(
    entries: Sequence[Entry], held_out: Sequence[HeldOutWording], answer_threshold: float
) -> Iterator[Finding]:
    wordings = wordings_of(entries)
    names, _ = topics_of(wordings)
    leaders = {entry.topic: entry for entry in reversed(entries)}
    members, by_id = _by_topic(entries), {entry.entry_id: entry for entry in entries}
    stolen: defaultdict[str, list[str]] = defaultdict(list)
    for one in held_out:
        wording, winner = wordings[one.row], names[one.topic]
        if one.right or one.confidence < answer_threshold:
            continue
        # An entry for other customers, or in place of this one, takes nothing from it.
        if any(audiences_overlap(by_id[wording.entry_id], other) for other in members[winner]):
            stolen[winner].append(wording.text)
            ids = (wording.entry_id, leaders[winner].entry_id)
            yield Finding("wording_won_by_other", ids, (wording.text, leaders[winner].standard_question))
    for topic, texts in stolen.items():
        if len(texts) >= _STOLEN:
            yield Finding("steals_questions", (leaders[topic].entry_id,), (str(len(texts)), texts[0]))


def _by_topic(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    members: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        members[entry.topic].append(entry)
    return members


def _check_outliers(
    entries: Sequence[Entry], encodings: Encodings, held_out: Sequence[HeldOutWording]
) -> Iterator[Finding]:
    """Wordings that do not find their own topic, and whose nearest sibling is hardly nearer than any wording."""
    wordings = wordings_of(entries)
    _, topics = topics_of(wordings)
    dense = Texts.of([wording.text for wording in wordings], encodings).dense
    for one in held_out:
        if one.place is None:
            similarities = dense @ dense[one.row]
            siblings = np.flatnonzero(topics == topics[one.row])
            nearest = similarities[siblings[siblings != one.row]].max()
            if nearest < similarities.mean() + _FAR * similarities.std():
                yield Finding("outlier_wording", (wordings[one.row].entry_id,), (wordings[one.row].text,))


def _is_cut_off(text: str, encoder: Encoder) -> bool:
    # A token holds at least one character of nearly every language, so short texts need no tokenizer.
    return len(text) >= encoder.info.max_length and len(encoder.tokens(text)) + 1 >= encoder.info.max_length
