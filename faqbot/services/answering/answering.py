"""One function decides for every door: what a test shows is what customers get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from faqbot.encoder import Caller, Encoder
from faqbot.encoder.encoding import Vector
from faqbot.encoder.remembered import RememberedEncodings
from faqbot.errors import EntryNotFound, InvalidRequest, QuestionEmpty, UnknownMode
from faqbot.knowledge import clean, has_content
from faqbot.language import _
from faqbot.matching.decision.decision import NOT_RANKED, Judgement, Question, strongest
from faqbot.matching.decision.explanation import Explanation, explain
from faqbot.matching.decision.verdict import Bounds
from faqbot.matching.search.scoring import MODES, ModeWeights, lexical_norm, raw_scores
from faqbot.services.answering.composing import Composer
from faqbot.services.answering.eligibility import Filters, eligible
from faqbot.services.answering.published import Current
from faqbot.services.answering.question_log import QuestionLog
from faqbot.services.answering.reading import read_parts, read_question
from faqbot.services.answering.snapshot import VECTOR_BYTES, Snapshot
from faqbot.services.answering.turn_replies import heard_reply, reply_to
from faqbot.services.conversation.conversation import Conversations
from faqbot.services.values.messages import MessageLanguage, language_of, message_language
from faqbot.services.values.origin import Origin
from faqbot.services.values.replies import Exclusion, LookupRow, RelatedEntry, Reply, Similarity
from faqbot.settings import MatchingSettings

_MOST_ROWS = 50
_NOWHERE = Origin()


class AnswerService:
    """Answers questions, ranks entries for agents, compares texts."""

    def __init__(
        self,
        encoder: Encoder,
        published: Current,
        settings: MatchingSettings,
        *,
        question_characters: int = 1000,
        language: MessageLanguage = "zh",
        log: QuestionLog | None = None,
        conversations: Conversations | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Bind the encoder to the published knowledge.

        Args:
            encoder: Of the published version.
            published: The version that answers.
            settings: Mode and thresholds.
            question_characters: Longest question that is accepted.
            language: Of our own sentences, where the question does not tell.
            log: Takes note of what is asked, where given.
            conversations: Understands greetings, wishes for a person and, where the origin names a session, messages
                from what was said before.
            clock: The moment of a question, aware of its time zone; decides which entries are valid.
        """
        self._encoder = encoder
        # The model does not change while the process runs, so what it said once holds for every version.
        self._remembered = RememberedEncodings(encoder, VECTOR_BYTES)
        self._published = published
        self._settings = settings
        self._question_characters = question_characters
        self._language: MessageLanguage = language
        self._log = log
        self._conversations = conversations
        self._clock = clock

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
        caller: Caller | None = None,
    ) -> Reply:
        """Answer a question, suggest entries, or say that there is no answer.

        Args:
            question: In the customer's own words.
            mode: `dense`, `sparse`, `colbert` or `hybrid`; unset: the setting.
            top: Suggestions at most, 1..50; unset: the setting.
            language: BCP 47 tag of the wanted answer; unset: guessed from the question's script.
            filters: Only entries with this `category`, `tag`, `language` or `entry_id`, and `segment` for who asks
                (one value or several each).
            explained: Whether the reply carries an explanation.
            origin: Through which door the question came: for the log, and a segment like those in `filters`. Where it
                names a session, the question may also be a choice from a list.
            caller: Who waits for the reply; None where nobody does.

        Raises:
            QuestionEmpty: Nothing in the question can be matched.
            QuestionTooLong: It has more characters than are accepted.
            UnknownMode: There is no such mode.
            InvalidRequest: `top` or a filter is not usable.
            NotReady: Nothing is published yet.
            ClientGone: The caller was gone before the question was encoded.
        """
        snapshot = self._published.snapshot
        text = read_question(question, self._question_characters)
        limit = self._limit(top)
        conversations = self._conversations
        turn = conversations.turn(text, origin) if conversations else None
        wanted = language or (turn.language if turn else language_of(text, self._language))
        composer = self._composer(snapshot, wanted, filters or {}, origin)
        bounds = composer.bounds(self._settings)
        reply = None
        if turn and not (turn.yields and snapshot.decider.index.exact(text)):
            reply = reply_to(turn, composer, bounds, self._encoder.info.model)
        if reply is None:
            asked = self._question(snapshot, text, caller)
            reply, judgement = self._found(asked, composer, bounds, mode, limit, explained=explained)
            reply = reply if origin.names_excluded else composer.without_excluded(reply)
            heard = (
                conversations.meant(asked.encoding.dense, reply, _best(judgement, snapshot)) if conversations else None
            )
            if heard:
                turn, reply = heard, heard_reply(heard, reply, composer, bounds)
            elif self._settings.learn_from_traffic and composer.eligible.passing is None:
                self._published.saw(snapshot, asked.spelt, judgement.ranking, origin)
            self._note(text, reply, origin)
        elif reply.question and reply.entry_id:
            # What was chosen is what was asked: "2" says nothing to whoever reads the log.
            self._note(clean(reply.question), reply, origin)
        return conversations.after(turn, reply, wanted, origin) if conversations else reply

    def lookup(
        self,
        question: str,
        *,
        top: int | None = None,
        mode: str | None = None,
        filters: Filters | None = None,
        caller: Caller | None = None,
    ) -> list[LookupRow]:
        """Rank entries for a support agent; arguments and errors as in `ask`, but for the length.

        Args:
            question: A question, or a text of up to 32,768 characters: one that is longer than a question is asked in
                parts, and an entry is as near as its nearest part.
            top: As in `ask`.
            mode: As in `ask`.
            filters: As in `ask`.
            caller: As in `ask`.
        """
        snapshot = self._published.snapshot
        texts = read_parts(question, self._question_characters)
        limit = self._limit(top)
        composer = self._composer(snapshot, language_of(question, self._language), filters or {})
        bounds = composer.bounds(self._settings)
        asked = self._questions(snapshot, texts, caller)
        judgements = [self._judge(composer, one, bounds, mode, limit) for one in asked]
        by_score = (mode or self._settings.mode) != "hybrid"
        return [composer.lookup_row(match) for match in strongest(judgements, by_score=by_score)[:limit]]

    def related(self, entry_id: str, *, filters: Filters | None = None) -> list[RelatedEntry]:
        """Published entries whose standard question is near to that of another one, nearest first, at most five.

        Args:
            entry_id: A published entry.
            filters: `segment` says for whom; the others do not count here.

        Raises:
            EntryNotFound: No published entry has this id.
            NotReady: Nothing is published yet.
        """
        snapshot = self._published.snapshot
        entry = snapshot.entries.get(entry_id)
        if entry is None:
            raise EntryNotFound(
                _(
                    "There is no entry '{entry_id}' in version {version}, which is published.",
                    entry_id=entry_id,
                    version=snapshot.version,
                )
            )
        return list(self._composer(snapshot, entry.language, filters or {}).related(entry_id))

    def similarity(self, a: str, b: str, *, caller: Caller | None = None) -> Similarity:
        """Compare two texts in every mode, each mapped to 0..1, with the model's own numbers beside them."""
        first, second = self._encoder.encode(
            [read_question(text, self._question_characters) for text in (a, b)], caller=caller
        )
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
            model=self._encoder.info.model,
        )

    def embed(self, texts: Sequence[str], *, caller: Caller | None = None) -> tuple[list[Vector], int]:
        """Encode texts for a program that does its own searching.

        Returns:
            The dense vectors, unit length, in the order of the texts; and the tokens that were read in all.

        Raises:
            QuestionEmpty: A text has nothing to encode.
        """
        cleaned = [clean(text) for text in texts]
        if not all(has_content(text) for text in cleaned):
            raise QuestionEmpty(_("A text is empty; send at least one letter, digit or character."))
        encodings = self._encoder.encode(cleaned, caller=caller)
        # The multi-vector has a row for every token but the first.
        return [one.dense for one in encodings], sum(len(one.multi_vector) + 1 for one in encodings)

    def _found(
        self, asked: Question, composer: Composer, bounds: Bounds, mode: str | None, limit: int, *, explained: bool
    ) -> tuple[Reply, Judgement]:
        judgement = self._judge(composer, asked, bounds, mode, limit)
        reply = composer.reply(
            judgement,
            bounds,
            spoken=message_language(composer.wanted, self._language),
            model=self._encoder.info.model,
            excluded=self._excluded(composer, asked, judgement, bounds),
        )
        if explained and judgement.matches:
            reply = replace(reply, explanation=self._explanation(composer.snapshot, asked, judgement))
        return reply, judgement

    def _note(self, text: str, reply: Reply, origin: Origin) -> None:
        if self._log:
            self._log.note(text, language_of(text, self._language), reply, origin)

    def _limit(self, top: int | None) -> int:
        if top is None:
            return self._settings.suggestions
        if not 1 <= top <= _MOST_ROWS:
            raise InvalidRequest(_("`top` is {top}; it must be 1 to {most}.", top=top, most=_MOST_ROWS))
        return top

    def _composer(self, snapshot: Snapshot, wanted: str, filters: Filters, origin: Origin = _NOWHERE) -> Composer:
        return Composer(snapshot, eligible(snapshot, filters, self._clock(), origin.channel), wanted)

    def _question(self, snapshot: Snapshot, text: str, caller: Caller | None) -> Question:
        spelt = snapshot.spell(text)
        return Question(text, spelt, snapshot.stored(spelt) or self._remembered.encode(spelt, caller))

    def _questions(self, snapshot: Snapshot, texts: Sequence[str], caller: Caller | None) -> list[Question]:
        """A question, or the parts of a text, which nobody asks again, so they are not remembered."""
        if len(texts) == 1:
            return [self._question(snapshot, texts[0], caller)]
        spelt = [snapshot.decider.spell(text) for text in texts]
        encodings = self._encoder.encode(spelt, caller=caller)
        return [Question(*parts) for parts in zip(texts, spelt, encodings, strict=True)]

    def _judge(self, composer: Composer, question: Question, bounds: Bounds, mode: str | None, limit: int) -> Judgement:
        mode = mode or self._settings.mode
        if mode not in MODES:
            raise UnknownMode(_("There is no mode '{mode}'; choose one of {modes}.", mode=mode, modes=list(MODES)))
        topics = composer.eligible.topics
        return composer.snapshot.judge(
            question,
            bounds,
            mode=mode,
            candidates=self._settings.candidates,
            suggestions=limit,
            allowed=None if topics is None else frozenset(topics),
            hidden=composer.hidden_documents(),
        )

    def _excluded(
        self, composer: Composer, question: Question, judgement: Judgement, bounds: Bounds
    ) -> tuple[Exclusion, ...]:
        if not composer.eligible.barred:
            return ()
        if composer.eligible.topics is not None or judgement.ranking is NOT_RANKED:
            judgement = composer.snapshot.judge(question, bounds)
        return composer.excluded(judgement, bounds.suggest)

    def _explanation(self, snapshot: Snapshot, question: Question, judgement: Judgement) -> Explanation:
        tokens = self._encoder.tokens
        wording = judgement.matches[0].wording.text
        return explain(snapshot.decider, judgement, question, tokens(question.spelt), tokens(wording))


def _best(judgement: Judgement, snapshot: Snapshot) -> Vector | None:
    return snapshot.encodings[judgement.matches[0].row].dense if judgement.matches else None
