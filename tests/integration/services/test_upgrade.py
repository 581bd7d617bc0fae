"""What earlier releases have published keeps answering, and is learned again where this release cannot use it."""

from __future__ import annotations

import gzip
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from faqbot.bootstrap import Container
from faqbot.encoder import Encoder
from faqbot.errors import ModelMismatch
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.jobs.jobs import JobService
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import MatchingSettings, StorageSettings
from faqbot.storage import Learned, Storage, open_storage
from tests.integration.container import container_of
from tests.integration.services.test_publishing import CountingEncoder

RELEASES = Path(__file__).parent / "releases"
ASKED = [json.loads(line) for line in (RELEASES / "0.1.0.jsonl").read_text(encoding="utf-8").splitlines()]
EXACT, UNKNOWN = "如何申请退款？", "今天天气怎么样"


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """The database of release 0.1.0, brought up to date."""
    path = tmp_path / "faqbot.db"
    path.write_bytes(gzip.decompress((RELEASES / "0.1.0.db.gz").read_bytes()))
    with open_storage(StorageSettings(database_url=f"sqlite:///{path}")) as opened:
        yield opened


@pytest.fixture
def service(published: PublishedKnowledge, compact_encoder: Encoder) -> AnswerService:
    return AnswerService(compact_encoder, published, MatchingSettings(learn_from_traffic=False))


def replies(service: AnswerService) -> list[dict[str, object]]:
    """What becomes of the questions that release 0.1.0 was asked."""
    found = []
    for one in ASKED:
        reply = service.ask(one["question"])
        found.append(
            {
                "question": one["question"],
                "verdict": reply.verdict,
                "entry_id": reply.entry_id,
                "suggestions": [suggestion.entry_id for suggestion in reply.suggestions],
                "confidence": pytest.approx(reply.confidence, abs=0.002),
            }
        )
    return found


def learned(storage: Storage) -> bytes:
    found = storage.versions.get(1).learned
    assert found is not None
    return found.fitted


def with_facts(data: bytes, **changed: object) -> bytes:
    """Learned bytes with other facts; None takes a fact away."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        content = dict(arrays)
    facts = {**json.loads(str(content["facts"])), **changed}
    content["facts"] = np.array(json.dumps({name: value for name, value in facts.items() if value is not None}))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **content)
    return buffer.getvalue()


UNUSABLE: dict[str, Callable[[bytes], bytes]] = {
    "other evidence": lambda data: with_facts(data, evidence=["something", "else"]),
    "a fact is missing": lambda data: with_facts(data, checksum=None),
    "a fact of another kind": lambda data: with_facts(data, thresholds=0.9),
    "other wordings": lambda data: with_facts(data, checksum="0" * 64),
    "truncated": lambda data: data[: len(data) // 2],
    "garbage": lambda _: b"garbage",
    "empty": lambda _: b"",
}


def test_a_version_of_release_0_1_0_answers_as_it_did(
    storage: Storage, published: PublishedKnowledge, service: AnswerService
) -> None:
    storage.check()
    published.refresh()
    assert not published.snapshot.outdated
    assert replies(service) == ASKED


@pytest.mark.parametrize("unusable", UNUSABLE)
def test_what_cannot_be_used_is_learned_again_by_one_worker_while_customers_are_answered(
    storage: Storage,
    container: Container,
    published: PublishedKnowledge,
    service: AnswerService,
    unusable: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    storage.versions.put_learned(1, Learned(UNUSABLE[unusable](learned(storage))))
    with caplog.at_level(logging.WARNING):
        published.refresh()
    assert "cannot use what was learned from version 1" in caplog.text
    assert "Traceback" not in caplog.text
    assert published.snapshot.outdated
    reply = service.ask(EXACT)
    assert (reply.verdict, reply.entry_id, reply.answer) == ("answer", "refund", "在订单页点「申请退款」。")
    assert service.ask(UNKNOWN).verdict != "answer"

    jobs = JobService(storage.jobs)
    worker = container.make_worker()
    published.watch(0.01, jobs.submit_learn)
    try:
        until(worker.run_one)
        until(lambda: not published.snapshot.outdated)
    finally:
        published.stop()
    assert replies(service) == ASKED
    assert [(one.kind, one.state, one.version) for one in jobs.last()] == [("learn", "done", 1)]
    assert [version.number for version in storage.versions.all()] == [1], "the result is kept with the version"


def test_what_was_learned_again_is_what_publishing_learns(
    storage: Storage, publishing: PublishingService, published: PublishedKnowledge
) -> None:
    storage.versions.put_learned(1, Learned(b"garbage"))
    publishing.learn_again(1)
    published.refresh()
    again = published.snapshot.decider.thresholds
    assert publishing.publish().number == 2
    published.refresh()
    assert again == published.snapshot.decider.thresholds


def test_what_can_be_used_is_not_learned_again(storage: Storage, publishing: PublishingService) -> None:
    before = learned(storage), storage.versions.current()
    publishing.learn_again(1)
    assert (learned(storage), storage.versions.current()) == before


def test_however_many_processes_ask_there_is_one_job_at_a_time(storage: Storage) -> None:
    jobs = JobService(storage.jobs)
    with ThreadPoolExecutor(8) as processes:
        numbers = set(processes.map(lambda _: jobs.submit_learn(1).job_id, range(8)))
    assert len(numbers) == 1
    assert jobs.submit_learn(2).job_id not in numbers
    jobs.cancel(*numbers)
    assert jobs.submit_learn(1).job_id not in numbers


def test_a_version_that_cannot_be_learned_again_is_asked_for_once(
    storage: Storage, published: PublishedKnowledge
) -> None:
    storage.versions.put_learned(1, Learned(b"garbage"))
    published.refresh()
    asked: list[int] = []
    published.watch(0.001, asked.append)
    until(lambda: bool(asked))
    time.sleep(0.1)
    published.stop()
    assert asked == [1]


def test_learning_again_refuses_no_publication_that_began_before(
    storage: Storage, publishing: PublishingService, compact_encoder: Encoder
) -> None:
    storage.versions.put_learned(1, Learned(b"garbage"))
    begun = container_of(storage, compact_encoder).publishing

    def meanwhile(stage: str, _done: int, _total: int) -> None:
        if stage == "checking":
            publishing.learn_again(1)

    assert begun.publish(progress=meanwhile).number == 2
    assert storage.versions.current()[0] == 2


def test_another_build_of_the_same_model_is_named_as_that(
    storage: Storage, publishing: PublishingService, compact_encoder: Encoder
) -> None:
    other = CountingEncoder(compact_encoder, fingerprint="another build", model="compact")
    with pytest.raises(ModelMismatch, match=r"another build of model 'compact'.* run `faqbot publish`"):
        PublishedKnowledge(storage.versions, storage.vectors, other).refresh()
    container_of(storage, other).publishing.publish()
    with pytest.raises(ModelMismatch, match="another build of model 'compact' than the current one"):
        publishing.rollback()


def test_a_version_of_another_build_of_the_model_is_encoded_and_learned_again_by_a_running_server(
    storage: Storage, compact_encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    other = CountingEncoder(compact_encoder, fingerprint="another build", model="compact")
    published = PublishedKnowledge(storage.versions, storage.vectors, other)
    service = AnswerService(other, published, MatchingSettings(learn_from_traffic=False))
    worker = container_of(storage, other).make_worker()
    published.watch(0.01, JobService(storage.jobs).submit_learn)
    try:
        until(lambda: published.problem is None and published._snapshot is not None)
        # Before anything is learned.
        assert published.snapshot.outdated
        assert service.ask(EXACT).entry_id == "refund"
        until(worker.run_one)
        until(lambda: not published.snapshot.outdated)
    finally:
        published.stop()
    assert service.ask(EXACT).entry_id == "refund"
    [version] = storage.versions.all()
    assert (version.number, version.fingerprint) == (1, "another build")
    assert "'compact', this is 'compact'" not in caplog.text
    # The next start has nothing to do.
    again = PublishedKnowledge(storage.versions, storage.vectors, other)
    again.refresh()
    assert not again.snapshot.outdated


def test_a_version_of_a_model_of_another_name_waits_for_somebody_to_publish(
    storage: Storage, compact_encoder: Encoder
) -> None:
    other = CountingEncoder(compact_encoder, fingerprint="another", model="/models/ours")
    with pytest.raises(ModelMismatch, match="this is '/models/ours'"):
        PublishedKnowledge(storage.versions, storage.vectors, other).refresh(encode=True)


def until(holds: Callable[[], bool]) -> None:
    """Wait, at most 30 s."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)
