"""One function decides for every door: what a test shows is what customers get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from faqbot.encoder import Encoder
from faqbot.errors import InvalidRequest, QuestionEmpty, QuestionTooLong, UnknownMode
from faqbot.knowledge import Entry, clean, has_content
from faqbot.matching.decision import Judgement, Question
from faqbot.matching.explanation import explain
from faqbot.matching.match import Match
from faqbot.matching.scoring import MODES, ModeWeights, Scores, lexical_norm, raw_scores
from faqbot.matching.verdict import Bounds
from faqbot.services.messages import MessageLanguage, language_of, message, message_language
from faqbot.services.published import PublishedKnowledge, Snapshot
from faqbot.services.question_log import Origin, QuestionLog
from faqbot.services.replies import DecisionRecord, LookupRow, Reply, Similarity, Suggestion
from faqbot.settings import MatchingSettings

_FILTERS = ("category", "tag", "language", "entry_id")
_MOST_ROWS = 50
_NOWHERE = Origin()

Filters = Mapping[str, str | Sequence[str]]


class AnswerService:
    """Answers questions, ranks entries for agents, compares texts."""

    def __init__(
        self,
        encoder: Encoder,
        published: PublishedKnowledge,
        settings: MatchingSettings,
        *,
        question_characters: int = 1000,
        language: MessageLanguage = "zh",
        log: QuestionLog | None = None,
    ) -> None:
        """Bind the encoder to the published knowledge; `log`, where given, takes note of what is asked."""
        self._encoder = encoder
        self._published = published
        self._settings = settings
        self._question_characters = question_characters
        self._language: MessageLanguage = language
        self._log = log

    def ask(
        self,
        question: str,
        *,
        mode: str | None = None,
        top: int | None = None,
        language: str | None = None,
        filters: Filters | None = None,
        explained: bool = False,
        origin: Origin = _NOWHERE,
    ) -> Reply:
        """Answer a question, suggest entries, or say that there is no answer.

        Args:
            question: In the customer's own words.
            mode: `dense`, `sparse`, `colbert` or `hybrid`; unset: the setting.
            top: Suggestions at most, 1..50; unset: the setting.
            language: BCP 47 tag of the wanted answer; unset: guessed from the question's script.
            filters: Only entries with this `category`, `tag`, `language` or `entry_id` (one value or several).
            explained: Whether the reply carries an explanation.
            origin: Through which door the question came, for the log.

        Raises:
            QuestionEmpty: Nothing in the question can be matched.
            QuestionTooLong: It has more characters than are accepted.
            UnknownMode: There is no such mode.
            InvalidRequest: `top` or a filter is not usable.
            NotReady: Nothing is published yet.
        """
        snapshot = self._published.snapshot
        text = self.checked(question)
        limit = self._limit(top)
        wanted = language or language_of(text, self._language)
        asked = self._question(snapshot, text)
        judgement = self._judge(snapshot, asked, mode, limit, filters)
        if self._settings.learn_from_traffic and not filters:
            self._published.saw(snapshot, judgement.ranking)
        reply = self._reply(snapshot, judgement, wanted)
        if self._log:
            self._log.note(text, language_of(text, self._language), reply, origin)
        if explained and judgement.matches:
            return replace(reply, explanation=self._explanation(snapshot, asked, judgement))
        return reply

    def lookup(
        self, question: str, *, top: int | None = None, mode: str | None = None, filters: Filters | None = None
    ) -> list[LookupRow]:
        """Rank entries for a support agent; arguments and errors as in `ask`."""
        snapshot = self._published.snapshot
        text = self.checked(question)
        limit = self._limit(top)
        judgement = self._judge(snapshot, self._question(snapshot, text), mode, limit, filters)
        wanted = language_of(text, self._language)
        rows = []
        for match in judgement.matches[:limit]:
            entry = _variant(snapshot, match, wanted)
            rows.append(
                LookupRow(
                    entry_id=entry.entry_id,
                    question=entry.standard_question,
                    answer=entry.answer,
                    category=entry.category,
                    confidence=match.confidence,
                    score=match.score,
                    scores=match.scores,
                    matched_wording=match.wording.text,
                )
            )
        return rows

    def similarity(self, a: str, b: str) -> Similarity:
        """Compare two texts in every mode, each mapped to 0..1, with the model's own numbers beside them."""
        first, second = self._encoder.encode([self.checked(a), self.checked(b)])
        raw = raw_scores(first, second)
        norms = lexical_norm(first.lexical_weights), lexical_norm(second.lexical_weights)
        scores = self._published.scale.normalise(raw, *norms)
        weights = ModeWeights()
        return Similarity(
            dense=scores.dense,
            sparse=scores.sparse,
            colbert=scores.colbert,
            hybrid=weights.combine(scores),
            raw={
                "dense": raw.dense,
                "sparse": raw.sparse,
                "colbert": raw.colbert,
                "hybrid": weights.combine(raw),
            },
        )

    def checked(self, question: str) -> str:
        """The cleaned text of a question that can be matched.

        Raises:
            QuestionEmpty: Nothing in it can be matched.
            QuestionTooLong: It has more characters than are accepted.
        """
        if len(question) > self._question_characters:
            raise QuestionTooLong(
                f"The question has {len(question)} characters; at most {self._question_characters} are accepted."
            )
        text = clean(question)
        if not has_content(text):
            raise QuestionEmpty("The question is empty; send at least one letter, digit or character.")
        return text

    def _limit(self, top: int | None) -> int:
        if top is None:
            return self._settings.suggestions
        if not 1 <= top <= _MOST_ROWS:
            raise InvalidRequest(f"`top` is {top}; it must be 1 to {_MOST_ROWS}.")
        return top

    def _question(self, snapshot: Snapshot, text: str) -> Question:
        spelt = snapshot.decider.spell(text)
        return Question(text, spelt, self._encoder.encode([spelt])[0])

    def _judge(
        self, snapshot: Snapshot, question: Question, mode: str | None, limit: int, filters: Filters | None
    ) -> Judgement:
        mode = mode or self._settings.mode
        if mode not in MODES:
            raise UnknownMode(f"There is no mode '{mode}'; choose one of {', '.join(MODES)}.")
        return snapshot.decider.judge(
            question,
            self._bounds(snapshot),
            mode=mode,
            candidates=self._settings.candidates,
            suggestions=limit,
            allowed=_allowed_topics(snapshot, filters) if filters else None,
        )

    def _bounds(self, snapshot: Snapshot) -> Bounds:
        learned, own = snapshot.decider.bounds, self._settings
        return Bounds(
            answer=learned.answer if own.answer_threshold is None else own.answer_threshold,
            suggest=learned.suggest if own.suggest_threshold is None else own.suggest_threshold,
        )

    def _reply(self, snapshot: Snapshot, judgement: Judgement, wanted: str) -> Reply:
        spoken = message_language(wanted, self._language)
        verdict, bounds = judgement.verdict, self._bounds(snapshot)
        best = judgement.matches[0] if judgement.matches else None
        entry = _variant(snapshot, best, wanted) if best and verdict.name != "fallback" else None
        answered = entry if verdict.name == "answer" else None
        return Reply(
            verdict=verdict.name,
            answer=answered.answer if answered else message(verdict.name, spoken),
            entry_id=answered.entry_id if answered else None,
            question=entry.standard_question if entry else None,
            confidence=best.confidence if best else 0.0,
            score=best.score if best else 0.0,
            scores=best.scores if best else Scores(0.0, 0.0, 0.0),
            suggestions=tuple(_suggestion(snapshot, match, wanted) for match in verdict.suggestions),
            decision=DecisionRecord(
                reason=verdict.reason,
                answer_threshold=bounds.answer,
                suggest_threshold=bounds.suggest,
                version=snapshot.version,
                model=self._encoder.info.model,
            ),
            language=(answered.language if answered else "") or spoken,
        )

    def _explanation(self, snapshot: Snapshot, question: Question, judgement: Judgement) -> dict[str, object]:
        tokens = self._encoder.tokens
        wording = judgement.matches[0].wording.text
        return explain(snapshot.decider, judgement, question, tokens(question.spelt), tokens(wording))


def _suggestion(snapshot: Snapshot, match: Match, wanted: str) -> Suggestion:
    entry = _variant(snapshot, match, wanted)
    return Suggestion(entry.entry_id, entry.standard_question, match.confidence)


def _variant(snapshot: Snapshot, match: Match, wanted: str) -> Entry:
    """The topic's entry in the wanted language, else the one whose wording matched."""
    for entry_id in snapshot.topics[match.wording.topic]:
        language = snapshot.entries[entry_id].language.lower()
        if language and language.split("-")[0] == wanted.lower().split("-")[0]:
            return snapshot.entries[entry_id]
    return snapshot.entries[match.wording.entry_id]


def _allowed_topics(snapshot: Snapshot, filters: Filters) -> set[str]:
    wanted: dict[str, set[str]] = {}
    for name, value in filters.items():
        if name not in _FILTERS:
            raise InvalidRequest(f"There is no filter '{name}'; choose from {', '.join(_FILTERS)}.")
        wanted[name] = {value} if isinstance(value, str) else set(value)
    return {entry.topic for entry in snapshot.entries.values() if _passes(entry, wanted)}


def _passes(entry: Entry, wanted: Mapping[str, set[str]]) -> bool:
    has = {
        "category": {entry.category},
        "tag": set(entry.tags),
        "language": {entry.language},
        "entry_id": {entry.entry_id},
    }
    return all(has[name] & values for name, values in wanted.items())
