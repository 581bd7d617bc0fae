"""From what was decided about topics to the entries that customers see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from faqbot.knowledge import Entry
from faqbot.matching.decision.decision import Judgement
from faqbot.matching.decision.verdict import Bounds
from faqbot.matching.search.match import Match
from faqbot.matching.search.scoring import Scores
from faqbot.passages import Passage
from faqbot.services.answering.eligibility import Eligible
from faqbot.services.answering.related import MOST_RELATED
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.values.messages import MessageLanguage, message
from faqbot.services.values.replies import DecisionRecord, Exclusion, LookupRow, Offer, RelatedEntry, Reply, Suggestion
from faqbot.settings import MatchingSettings

_MOST_EXCLUSIONS = 5


@dataclass(frozen=True, slots=True)
class Composer:
    """Chooses the entries of one reply.

    Attributes:
        snapshot: The published version.
        eligible: The entries that may be chosen.
        wanted: BCP 47 tag of the language that the customer reads.
    """

    snapshot: Snapshot
    eligible: Eligible
    wanted: str

    def own_thresholds(self) -> dict[str, float]:
        """The answer thresholds that entries have themselves, by the entry whose wording leads to them."""
        ids = (entry_id for topic in self.snapshot.with_threshold for entry_id in self.snapshot.topics[topic])
        chosen = {entry_id: self._in_language(entry_id) for entry_id in ids}
        return {i: e.answer_threshold for i, e in chosen.items() if e and e.answer_threshold is not None}

    def bounds(self, settings: MatchingSettings) -> Bounds:
        """The thresholds to apply: those that the settings fix, else those that were learned."""
        learned = self.snapshot.decider.bounds
        return Bounds(
            answer=learned.answer if settings.answer_threshold is None else settings.answer_threshold,
            suggest=learned.suggest if settings.suggest_threshold is None else settings.suggest_threshold,
            passage=learned.passage if settings.answer_threshold is None else settings.answer_threshold,
            own=self.own_thresholds(),
        )

    def hidden_documents(self) -> frozenset[str]:
        """The entries whose passages may not be shown, because another entry or none would be the answer."""
        passages = self.snapshot.decider.passages
        ids = passages.entry_ids if passages else ()
        return frozenset(i for i in ids if (shown := self._in_language(i)) is None or shown.entry_id != i)

    def entry_of(self, match: Match) -> Entry:
        """The topic's entry in the wanted language, else the one whose wording matched, else any that may answer."""
        entry = self._in_language(match.wording.entry_id)
        if entry is None:
            raise ValueError(f"No entry of the topic '{match.wording.topic}' may answer.")
        return entry

    def reply(
        self,
        judgement: Judgement,
        bounds: Bounds,
        *,
        spoken: MessageLanguage,
        model: str,
        excluded: tuple[Exclusion, ...],
    ) -> Reply:
        """The reply to a question.

        Args:
            judgement: What came of it.
            bounds: The thresholds that were applied.
            spoken: The language of our own sentences.
            model: Name of the encoder.
            excluded: The entries that were left out.
        """
        verdict = judgement.verdict
        best = judgement.matches[0] if judgement.matches else None
        entry = self.entry_of(best) if best and verdict.name != "fallback" else None
        answered = entry if verdict.name == "answer" else None
        return Reply(
            verdict=verdict.name,
            answer=answered.answer if answered else message(verdict.name, spoken),
            entry_id=answered.entry_id if answered else None,
            question=entry.standard_question if entry else None,
            confidence=best.confidence if best else 0.0,
            score=best.score if best else 0.0,
            scores=best.scores if best else Scores(0.0, 0.0, 0.0),
            suggestions=tuple(self._suggestion(match) for match in verdict.suggestions),
            decision=DecisionRecord(
                reason=verdict.reason,
                answer_threshold=bounds.answer_to(best) if best else bounds.answer,
                suggest_threshold=bounds.suggest,
                version=self.snapshot.version,
                model=model,
                excluded=excluded,
            ),
            language=(answered.language if answered else "") or spoken,
            prompts=self.prompts_of(answered) if answered else (),
            attachments=answered.attachments if answered else (),
            related=tuple(self.related(answered.entry_id)) if answered else (),
            passage=_passage(best) if best and entry else None,
        )

    def related(self, entry_id: str) -> Iterator[RelatedEntry]:
        """Other entries that ask something near, nearest first; at most five."""
        count = 0
        for near, similarity in self.snapshot.neighbours.of(entry_id):
            entry = self._beside(near)
            if entry and count < MOST_RELATED:
                count += 1
                yield RelatedEntry(entry.entry_id, entry.standard_question, similarity)

    def prompts_of(self, entry: Entry) -> tuple[Offer, ...]:
        """The follow-ups of an entry that may be offered, each once."""
        return tuple(dict.fromkeys(self._offers(entry)))

    def published(self, entry_id: str) -> Entry | None:
        """An entry by its id; None where the version has none or it may not be shown now to whoever asks."""
        entry = self.snapshot.entries.get(entry_id)
        return entry if entry and self.eligible.may_be_offered(entry_id) else None

    def lookup_row(self, match: Match) -> LookupRow:
        """One ranked entry as a support agent sees it."""
        entry = self.entry_of(match)
        return LookupRow(
            entry_id=entry.entry_id,
            question=entry.standard_question,
            answer=entry.answer,
            category=entry.category,
            confidence=match.confidence,
            score=match.score,
            scores=match.scores,
            matched_wording=match.wording.text,
            passage=_passage(match),
        )

    def excluded(self, judgement: Judgement, suggest: float) -> tuple[Exclusion, ...]:
        """The entries that would have been answered with or suggested, but may not.

        Args:
            judgement: What would have come of the question without time and segments.
            suggest: Confidence from which an entry is suggested.
        """
        near = [match.wording.topic for match in judgement.matches if match.confidence >= suggest]
        ids = [entry_id for topic in near for entry_id in self.snapshot.topics[topic]]
        barred = self.eligible.barred
        return tuple(Exclusion(entry_id, barred[entry_id]) for entry_id in ids if entry_id in barred)[:_MOST_EXCLUSIONS]

    def without_excluded(self, reply: Reply) -> Reply:
        """The reply for those who may not know of entries that are not valid now or for somebody else."""
        explanation = reply.explanation
        barred = (self.snapshot.entries[entry_id] for entry_id in self.eligible.barred)
        if explanation and any(explanation["wording"] in entry.wordings for entry in barred):
            explanation = None
        return replace(reply, decision=replace(reply.decision, excluded=()), explanation=explanation)

    def _suggestion(self, match: Match) -> Suggestion:
        entry = self.entry_of(match)
        return Suggestion(entry.entry_id, entry.standard_question, match.confidence, _passage(match))

    def _offers(self, answered: Entry) -> Iterator[Offer]:
        for entry_id in answered.prompts:
            entry = self._beside(entry_id) if entry_id in self.snapshot.entries else None
            if entry and entry.topic != answered.topic:
                yield Offer(entry.entry_id, entry.standard_question)

    def _in_language(self, entry_id: str) -> Entry | None:
        return self._variant(entry_id, [i for i in self._translations(entry_id) if self.eligible.may_answer(i)])

    def _beside(self, entry_id: str) -> Entry | None:
        return self._variant(entry_id, [i for i in self._translations(entry_id) if self.eligible.may_be_offered(i)])

    def _translations(self, entry_id: str) -> tuple[str, ...]:
        return self.snapshot.topics[self.snapshot.entries[entry_id].topic]

    def _variant(self, entry_id: str, possible: list[str]) -> Entry | None:
        if not possible:
            return None
        for candidate in possible:
            language = self.snapshot.entries[candidate].language.lower()
            if language and language.split("-")[0] == self.wanted.lower().split("-")[0]:
                return self.snapshot.entries[candidate]
        return self.snapshot.entries[entry_id if entry_id in possible else possible[0]]


def _passage(match: Match) -> Passage | None:
    return match.passage.passage if match.passage else None
