from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from faqbot.encoder import Caller, Encoder, EncoderInfo, Encoding, Progress
from faqbot.errors import QuestionTooLong
from faqbot.evaluation.evaluator import evaluate
from faqbot.evaluation.queries import LabelledQuery
from faqbot.evaluation.report import record
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.decision.decision import Question
from faqbot.matching.decision.learned_bytes import unpack
from faqbot.passages import passages_of
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.answering.vectors import StoredVectors, texts_of
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import MatchingSettings, StorageSettings
from faqbot.storage import Learned, Storage, checksum_of, open_storage
from tests.documents import CAMERA, DOCUMENTS, RENTAL, SHORT
from tests.integration.container import container_of

IN_DOCUMENTS = {
    "车被偷了怎么赔": ("rental", "损坏与丢失"),
    "台风天取消要收费吗": ("rental", "取消"),
    "晚上关门了怎么还车": ("rental", "取车与归还 > 归还"),
    "which batteries should I use when it is cold?": ("camera", "Power"),
    "how big can the memory card be": ("camera", "Memory cards"),
    "does it need a SIM card": ("camera", "Sending pictures"),
}


class CountingEncoder:
    """The real encoder; remembers what it was asked to encode."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.texts: list[str] = []

    @property
    def info(self) -> EncoderInfo:
        return self._encoder.info

    def encode(
        self, texts: Sequence[str], progress: Progress | None = None, caller: Caller | None = None
    ) -> list[Encoding]:
        self.texts += texts
        return self._encoder.encode(texts, progress)

    def tokens(self, text: str) -> list[tuple[int, str]]:
        return self._encoder.tokens(text)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, compact_encoder: Encoder) -> Iterator[PublishedKnowledge]:
    """Two long answers and three short ones, published; nobody changes them."""
    path = tmp_path_factory.mktemp("library")
    with open_storage(StorageSettings(database_url=f"sqlite:///{path}/faqbot.db")) as storage:
        storage.draft.apply(put=[*DOCUMENTS, *SHORT], delete=[])
        container_of(storage, compact_encoder).publishing.publish()
        published = PublishedKnowledge(storage.versions, storage.vectors, compact_encoder)
        published.refresh()
        yield published


@pytest.fixture(scope="module")
def librarian(library: PublishedKnowledge, compact_encoder: Encoder) -> AnswerService:
    return AnswerService(compact_encoder, library, MatchingSettings(learn_from_traffic=False))


@pytest.mark.parametrize("question", IN_DOCUMENTS)
def test_what_only_a_long_answer_says_is_suggested_with_the_passage_and_its_place(
    librarian: AnswerService, question: str
) -> None:
    entry_id, heading = IN_DOCUMENTS[question]
    reply = librarian.ask(question)
    answer = {"rental": RENTAL, "camera": CAMERA}[entry_id]
    assert (reply.verdict, reply.decision.reason) == ("suggest", "passage_below_answer_threshold")
    assert reply.passage is not None
    assert (reply.passage.entry_id, reply.passage.heading) == (entry_id, heading)
    assert answer[reply.passage.start : reply.passage.end] == reply.passage.text
    assert reply.suggestions[0].passage == reply.passage


def test_what_no_answer_says_shows_no_passage(librarian: AnswerService) -> None:
    for question in ("今天天气怎么样", "what is the capital of France", "你叫什么名字"):
        reply = librarian.ask(question)
        assert reply.verdict != "answer"
        assert reply.passage is None


def test_a_question_that_the_wordings_answer_is_answered_without_the_passages(librarian: AnswerService) -> None:
    reply = librarian.ask("租车要遵守什么规定", explained=True)
    assert (reply.verdict, reply.decision.reason, reply.passage) == ("answer", "exact", None)
    assert reply.answer == RENTAL.strip()
    assert reply.explanation is not None
    assert reply.explanation["passage"] is None


def test_passages_cost_no_entry_the_suggestion_that_its_questions_earn(library: PublishedKnowledge) -> None:
    decider = library.snapshot.decider
    for text in (*IN_DOCUMENTS, "几点开门呢", "can I book a tour", "今天天气怎么样"):
        question = Question(text, text, library._encoder.encode([text])[0])
        both = decider.judge(question, decider.bounds)
        alone = decider.judge(question, decider.bounds, hidden=frozenset(("rental", "camera")))
        suggested = {match.wording.topic for match in both.verdict.suggestions}
        assert {match.wording.topic for match in alone.verdict.suggestions} <= suggested
        assert (both.verdict.name, alone.verdict.name) != ("fallback", "suggest")


def test_a_passage_that_reaches_the_threshold_answers_with_the_whole_answer_and_its_place(
    library: PublishedKnowledge, compact_encoder: Encoder
) -> None:
    settings = MatchingSettings(learn_from_traffic=False, answer_threshold=0.6)
    reply = AnswerService(compact_encoder, library, settings).ask("车被偷了怎么赔", explained=True)
    assert (reply.verdict, reply.entry_id) == ("answer", "rental")
    assert reply.decision.reason == "passage_above_answer_threshold"
    assert reply.answer == RENTAL.strip()
    assert reply.passage is not None
    assert "车辆被盗时，请立刻报警" in reply.passage.text
    assert (reply.passage.number, reply.passage.of) == (5, 6)
    assert reply.explanation is not None
    shown = reply.explanation["passage"]
    assert isinstance(shown, dict)
    assert shown["by_questions_alone"] < reply.confidence
    assert 0.5 < shown["probability"] < 1
    assert set(shown["scores"]) == {"dense", "sparse", "colbert"}


def test_a_mode_alone_searches_the_wordings_alone(librarian: AnswerService) -> None:
    assert librarian.ask("车被偷了怎么赔", mode="dense").passage is None


def test_two_documents_are_too_few_to_answer_by_themselves(library: PublishedKnowledge) -> None:
    # Four wordings show nothing about 19 of 20 being right.
    learned = library.snapshot.decider.passages
    assert learned is not None
    assert learned.learned.thresholds.answer >= 0.9
    assert learned.learned.thresholds.cautious


def test_a_long_text_finds_the_passage_that_one_of_its_parts_speaks_of(librarian: AnswerService) -> None:
    report = (
        "上周末我和朋友去湖边露营，天气很好，一路上拍了许多照片，晚上还看到了星星。" * 15
        + "\n\n# 报失\n早上醒来发现停在树下的电动车不见了，应该是夜里被人偷走的。车是锁好的，派出所已立案。\n\n# 打算\n"
        + "朋友说下次还想再来，我们打算秋天去爬山，顺便看看红叶，再住两个晚上。" * 15
    )
    assert len(report) > 1000
    row = next(row for row in librarian.lookup(report) if row.entry_id == "rental")
    assert row.passage is not None
    assert row.passage.heading == "损坏与丢失"


def test_a_text_beyond_the_limit_is_refused_with_the_limit(librarian: AnswerService) -> None:
    with pytest.raises(QuestionTooLong, match="at most 32768"):
        librarian.lookup("字" * 32_769)
    with pytest.raises(QuestionTooLong, match="at most 1000"):
        librarian.ask("字" * 1001)


def test_a_document_that_may_not_answer_now_shows_none_of_its_passages(
    storage: Storage, publishing: PublishingService, published: PublishedKnowledge, compact_encoder: Encoder
) -> None:
    members = replace(DOCUMENTS[0], segments=("members",))
    translated = Entry("rental.en", "Rental agreement", (), "See the agreement in Chinese.", "en")
    storage.draft.apply(put=[members, translated, DOCUMENTS[1], *SHORT], delete=[])
    publishing.publish()
    published.refresh()
    service = AnswerService(compact_encoder, published, MatchingSettings(learn_from_traffic=False))
    question = "车被偷了怎么赔"
    for_members = service.ask(question, filters={"segment": "members"}, language="zh")
    assert for_members.passage is not None
    # Everybody else would get the translation, which says nothing about it.
    assert service.ask(question, language="zh").passage is None
    assert service.ask(question, filters={"segment": "members"}, language="en").passage is None


def test_passages_are_encoded_once_and_going_back_encodes_nothing(storage: Storage, compact_encoder: Encoder) -> None:
    counting = CountingEncoder(compact_encoder)
    publishing = container_of(storage, counting).publishing
    passages = [passage.wording.text for passage in passages_of(DOCUMENTS)]
    wordings = [wording.text for wording in wordings_of([*DOCUMENTS, *SHORT])]
    storage.draft.apply(put=[*DOCUMENTS, *SHORT], delete=[])
    seen: list[tuple[str, int, int]] = []
    publishing.publish(progress=lambda *step: seen.append(step))
    texts = len(passages) + len(wordings)
    assert ("encoding", texts, texts) in seen
    assert set(passages) <= set(counting.texts)

    changed = RENTAL.strip().replace("三百元", "两百元")
    storage.draft.apply(put=[replace(DOCUMENTS[0], answer=changed)], delete=[])
    counting.texts.clear()
    publishing.publish()
    assert [text for text in counting.texts if "押金三百元" in text or "押金两百元" in text] == [
        passage.wording.text for passage in passages_of([replace(DOCUMENTS[0], answer=changed)])[1:2]
    ]

    counting.texts.clear()
    publishing.rollback()
    published = PublishedKnowledge(storage.versions, storage.vectors, counting)
    published.refresh()
    assert not set(counting.texts) & {*passages, *wordings}
    found = published.snapshot.decider.passages
    assert found is not None
    assert any("三百元" in passage.text for passage in found._passages)


def test_pruning_keeps_the_passages_of_the_draft_and_of_every_version(
    storage: Storage, publishing: PublishingService, compact_encoder: Encoder
) -> None:
    storage.draft.apply(put=[*DOCUMENTS, *SHORT], delete=[])
    publishing.publish()
    drafted = Entry("draft", "Draft", (), RENTAL.replace("我们", "本店").strip(), "zh")
    stray = replace(drafted, entry_id="stray", answer=RENTAL.replace("。", "！").strip())
    for entry in (drafted, stray):
        StoredVectors(storage.vectors, compact_encoder).prepare(texts_of([entry]))
    storage.draft.apply(put=[drafted], delete=[*(entry.entry_id for entry in DOCUMENTS)])
    storage.vectors.prune()
    fingerprint = compact_encoder.info.fingerprint
    kept = [checksum_of(passage.wording.text) for passage in passages_of([*DOCUMENTS, drafted])]
    assert storage.vectors.missing(fingerprint, kept) == set()
    gone = {checksum_of(passage.wording.text) for passage in passages_of([stray])}
    assert storage.vectors.missing(fingerprint, gone) == gone


def test_short_answers_are_neither_encoded_nor_learned_from(
    storage: Storage, publishing: PublishingService, published: PublishedKnowledge, compact_encoder: Encoder
) -> None:
    storage.draft.apply(put=SHORT, delete=[])
    publishing.publish()
    published.refresh()
    assert published.snapshot.decider.passages is None
    assert storage.vectors.counts() == {compact_encoder.info.fingerprint: len(wordings_of(SHORT))}


def test_a_version_of_a_release_without_passages_answers_by_its_questions_until_it_is_learned_again(
    storage: Storage,
    publishing: PublishingService,
    published: PublishedKnowledge,
    compact_encoder: Encoder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    storage.draft.apply(put=[*DOCUMENTS, *SHORT], delete=[])
    publishing.publish()
    version = storage.versions.get(1)
    assert version.learned is not None
    earlier, _ = unpack(version.learned.fitted)
    storage.versions.add(
        version.entries, fingerprint=version.fingerprint, model=version.model, learned=Learned(earlier), checks=None
    )
    with caplog.at_level(logging.WARNING):
        published.refresh()
    service = AnswerService(compact_encoder, published, MatchingSettings(learn_from_traffic=False))
    assert service.ask("租车协议").verdict == "answer"
    assert service.ask("车被偷了怎么赔").passage is None
    assert "Long answers are not searched" in caplog.text
    assert published.snapshot.outdated
    publishing.learn_again(2)
    published.refresh()
    assert (published.snapshot.version, published.snapshot.outdated) == (2, False)
    assert service.ask("车被偷了怎么赔").passage is not None


def test_calibrating_learns_the_long_answers_too_and_says_from_what(
    storage: Storage, publishing: PublishingService
) -> None:
    storage.draft.apply(put=[*DOCUMENTS, *SHORT], delete=[])
    publishing.publish()
    learned = publishing.calibrate().passages
    assert learned is not None
    assert record(learned).startswith("Learned from 16 wordings asked of the long answers: answer from 1.000")


def test_evaluation_asks_the_passages_too(compact_encoder: Encoder) -> None:
    queries = [LabelledQuery(text, frozenset((entry_id,))) for text, (entry_id, _) in IN_DOCUMENTS.items()]
    whole = evaluate([*DOCUMENTS, *SHORT], queries, compact_encoder)
    shortened = [replace(entry, answer="short") for entry in DOCUMENTS]
    without = evaluate([*shortened, *SHORT], queries, compact_encoder)
    assert whole.faqbot.hit_at_1 == 1.0
    assert without.faqbot.hit_at_1 is not None
    assert without.faqbot.hit_at_1 < 1.0


def test_what_was_learned_of_passages_survives_storage(library: PublishedKnowledge) -> None:
    decider = library.snapshot.decider
    assert decider.passages is not None
    assert unpack(decider.to_bytes())[1] == decider.passages.learned


def test_8192_tokens_are_read_whole_in_passages(compact_encoder: Encoder) -> None:
    chinese = Entry(
        "zh", "Z", answer="押金在取车时预授权，不会真正扣款，归还后二十四小时内解除；银行到账要三到五个工作日。" * 310
    )
    english = Entry("en", "E", answer=CAMERA.replace("#", "") * 22)
    for entry in (chinese, english):
        lengths = [len(compact_encoder.tokens(passage.wording.text)) for passage in passages_of([entry])]
        assert sum(lengths) > 8192
        # The model reads 256 tokens, the two special ones included; `tokens` leaves the first one out.
        assert max(lengths) < 255
