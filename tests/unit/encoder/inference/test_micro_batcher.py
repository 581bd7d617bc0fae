"""Who shares a forward pass with whom. The model is a stand-in whose passes the test ends; the real one is in
`tests/integration/encoder`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue, SimpleQueue

import pytest

from faqbot.encoder import Caller
from faqbot.encoder.inference import micro_batcher
from faqbot.encoder.inference.micro_batcher import MicroBatcher
from faqbot.errors import ClientGone, EncodingFailed, Overloaded


class Model:
    """Doubles the first token of each text; waits in every pass until it is let go."""

    def __init__(self) -> None:
        self.passes: Queue[list[list[int]]] = Queue()
        self.let_go = threading.Semaphore(0)
        self.refuses = 0

    def forward(self, texts: list[list[int]]) -> list[int]:
        self.passes.put(texts)
        self.let_go.acquire()
        if any(text[0] == self.refuses for text in texts):
            raise EncodingFailed(f"{self.refuses} is refused")
        return [2 * text[0] for text in texts]


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(40)


@pytest.fixture
def batcher(model: Model) -> MicroBatcher[int]:
    return MicroBatcher(model.forward, batch_size=32, queue_size=40, wait_seconds=30)


@pytest.fixture(autouse=True)
def let_all_go(model: Model) -> Iterator[None]:
    yield
    model.let_go.release(1000)


def _ask(pool: ThreadPoolExecutor, batcher: MicroBatcher[int], texts: list[list[int]]) -> Future[list[int]]:
    """Ask in another thread, and wait until the question is in the queue or in a pass."""
    known = len(batcher._questions) + len(batcher._jobs)
    asked = pool.submit(batcher.run, texts)
    if batcher._passes:
        while len(batcher._questions) + len(batcher._jobs) == known:
            time.sleep(0.001)
    while not batcher._passes:
        time.sleep(0.001)
    return asked


def test_one_question_alone_goes_at_once(model: Model, batcher: MicroBatcher[int]) -> None:
    model.let_go.release()
    assert batcher.run([[21]]) == [42]
    assert model.passes.get() == [[21]]


def test_nothing_needs_no_pass(model: Model, batcher: MicroBatcher[int]) -> None:
    assert batcher.run([]) == []
    assert model.passes.empty()


def test_questions_that_come_during_a_pass_form_the_next_one(
    model: Model, batcher: MicroBatcher[int], pool: ThreadPoolExecutor
) -> None:
    asked = [_ask(pool, batcher, [[number]]) for number in range(1, 34)]
    model.let_go.release(3)
    assert [future.result() for future in asked] == [[2 * number] for number in range(1, 34)]
    assert [len(model.passes.get()) for _ in range(2)] == [1, 32]


def test_a_pass_has_no_more_texts_and_tokens_than_its_bounds(
    model: Model, batcher: MicroBatcher[int], pool: ThreadPoolExecutor
) -> None:
    first = _ask(pool, batcher, [[1]])
    # 300 + 300 + 300 tokens leave 124 of 1024, so a fourth still begins; the fifth waits.
    long = [_ask(pool, batcher, [[number] * 300]) for number in range(2, 7)]
    model.let_go.release(3)
    for future in [first, *long]:
        future.result()
    assert [len(model.passes.get()) for _ in range(3)] == [1, 4, 1]


def test_a_question_goes_before_the_rest_of_a_long_job(
    model: Model, batcher: MicroBatcher[int], pool: ThreadPoolExecutor
) -> None:
    seen: SimpleQueue[tuple[int, int]] = SimpleQueue()
    job = pool.submit(batcher.run, [[number] for number in range(1, 65)], lambda *steps: seen.put(steps))
    assert model.passes.get() == [[number] for number in range(1, 33)]
    question = _ask(pool, batcher, [[500]])
    model.let_go.release(2)
    assert question.result() == [1000]
    assert model.passes.get() == [[500]]
    # The job's own thread has to tell of the first pass before the second may end.
    assert seen.get(timeout=10) == (32, 64)
    model.let_go.release()
    assert job.result() == [2 * number for number in range(1, 65)]
    assert seen.get(timeout=10) == (64, 64)


@pytest.mark.parametrize(
    ("asked_before", "sizes"),
    # 6 texts of 50 tokens are the first to reach 256, 2 the first to reach 96.
    [(False, [6, 4]), (True, [2, 2, 2, 2, 2])],
    ids=["nobody asks", "somebody asks"],
)
def test_a_jobs_passes_are_short_while_questions_come(
    model: Model, batcher: MicroBatcher[int], asked_before: bool, sizes: list[int]
) -> None:
    model.let_go.release(10)
    if asked_before:
        batcher.run([[1]])
        model.passes.get()
    batcher.run([[number] * 50 for number in range(1, 11)])
    assert [len(model.passes.get()) for _ in sizes] == sizes


def test_questions_without_end_do_not_stop_a_job(
    model: Model, batcher: MicroBatcher[int], pool: ThreadPoolExecutor
) -> None:
    first = _ask(pool, batcher, [[1]])
    job = _ask(pool, batcher, [[number] for number in range(1, 6)])
    passes = [model.passes.get()]
    while len(passes[-1]) != 5:
        # There is always another question in the queue.
        _ask(pool, batcher, [[100 + len(passes)]])
        model.let_go.release()
        passes.append(model.passes.get())
    assert len(passes) == 8
    model.let_go.release(20)
    assert first.result() == [2]
    assert job.result() == [2, 4, 6, 8, 10]


def test_beyond_the_queue_a_question_is_refused(model: Model, pool: ThreadPoolExecutor) -> None:
    batcher = MicroBatcher(model.forward, batch_size=32, queue_size=2, wait_seconds=30)
    waiting = [_ask(pool, batcher, [[number]]) for number in range(1, 4)]
    with pytest.raises(Overloaded, match="2 questions are waiting already"):
        batcher.run([[4]])
    model.let_go.release(2)
    assert [future.result() for future in waiting] == [[2], [4], [6]]


def test_the_model_never_works_for_a_question_that_waited_too_long(model: Model, pool: ThreadPoolExecutor) -> None:
    batcher = MicroBatcher(model.forward, batch_size=32, queue_size=2, wait_seconds=0.05)
    first = _ask(pool, batcher, [[1]])
    with pytest.raises(Overloaded, match=r"busy for 0\.05 seconds"):
        batcher.run([[2]])
    model.let_go.release(2)
    assert first.result() == [2]
    assert batcher.run([[3]]) == [6]
    assert [model.passes.get() for _ in range(2)] == [[[1]], [[3]]]


def test_a_caller_who_is_interrupted_leaves_the_model_nothing_to_do(
    model: Model, batcher: MicroBatcher[int], pool: ThreadPoolExecutor
) -> None:
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    job = pool.submit(batcher.run, [[9]] * 100, interrupt)
    assert len(model.passes.get()) == 32
    model.let_go.release()
    with pytest.raises(KeyboardInterrupt):
        job.result()
    assert not batcher._jobs


def test_nobody_fails_for_anothers_text(model: Model, batcher: MicroBatcher[int], pool: ThreadPoolExecutor) -> None:
    model.refuses = 13
    first = _ask(pool, batcher, [[1]])
    good, bad = _ask(pool, batcher, [[12]]), _ask(pool, batcher, [[13]])
    model.let_go.release(4)
    assert first.result() == [2]
    assert good.result() == [24]
    with pytest.raises(EncodingFailed, match="13 is refused"):
        bad.result()


def test_a_failed_job_leaves_the_queue(model: Model, batcher: MicroBatcher[int]) -> None:
    model.refuses = 7
    model.let_go.release(2)
    with pytest.raises(EncodingFailed, match="7 is refused"):
        batcher.run([[7]] * 100)
    assert batcher.run([[1]]) == [2]
    assert [len(model.passes.get()) for _ in range(2)] == [32, 1]


def _stays() -> bool:
    return False


def test_the_model_never_works_for_a_caller_who_has_gone(
    model: Model, batcher: MicroBatcher[int], pool: ThreadPoolExecutor
) -> None:
    gone = threading.Event()

    def run(text: list[int]) -> list[int]:
        caller = Caller(gone.is_set if text == [2] else _stays)
        try:
            return batcher.run([text], caller=caller)
        finally:
            caller.end_reply()

    asked = [pool.submit(run, [1])]
    assert model.passes.get() == [[1]]
    asked += [pool.submit(run, [number]) for number in (2, 3)]
    while len(batcher._questions) < 2:
        time.sleep(0.001)
    gone.set()
    model.let_go.release(2)
    with pytest.raises(ClientGone):
        asked[1].result()
    assert [asked[0].result(), asked[2].result()] == [[2], [6]]
    assert model.passes.get() == [[3]]


def test_a_pass_begins_when_those_whom_the_last_one_served_have_their_replies(
    model: Model, batcher: MicroBatcher[int], pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(micro_batcher, "_REPLIES_SECONDS", 30)
    model.let_go.release(3)
    caller = Caller(_stays)
    assert batcher.run([[1]], caller=caller) == [2]
    # This thread writes its reply while two more questions come: they share a pass.
    asked = [pool.submit(batcher.run, [[number]]) for number in (2, 3)]
    while len(batcher._questions) < 2:
        time.sleep(0.001)
    caller.end_reply()
    assert [future.result() for future in asked] == [[4], [6]]
    assert [len(model.passes.get()) for _ in range(2)] == [1, 2]


def test_a_caller_who_asks_for_more_waits_for_no_reply_of_his_own(
    model: Model, batcher: MicroBatcher[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(micro_batcher, "_REPLIES_SECONDS", 3600)
    model.let_go.release(2)
    caller = Caller(_stays)
    assert [batcher.run([[number]], caller=caller) for number in (1, 2)] == [[2], [4]]


def test_a_reply_that_takes_its_time_is_waited_for_once(
    model: Model, batcher: MicroBatcher[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(micro_batcher, "_REPLIES_SECONDS", 0.01)
    model.let_go.release(3)
    assert batcher.run([[1]], caller=Caller(_stays)) == [2]
    # The pass for this one gives up on the reply, and the next one does not wait for it again.
    assert batcher.run([[2]]) == [4]
    monkeypatch.setattr(micro_batcher, "_REPLIES_SECONDS", 3600)
    assert batcher.run([[3]]) == [6]
