from __future__ import annotations

from faqbot.connections.admission import Admission


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def answer(admission: Admission, clock: Clock, count: int, seconds: float) -> None:
    """Let in one after the other, each answered after so long."""
    for _ in range(count):
        admission.enter(is_post=True)
        clock.now += seconds
        admission.leave(is_post=True, is_answer=True)


def let_in(admission: Admission) -> int:
    """How many are let in at once; they stay in hand."""
    count = 0
    while not admission.is_full(is_post=True):
        admission.enter(is_post=True)
        count += 1
    return count


def test_as_many_are_let_in_as_are_answered_in_a_second() -> None:
    clock = Clock()
    admission = Admission(384, clock)
    answer(admission, clock, 1000, 1 / 64)
    assert let_in(admission) == 64
    # Half a second without an answer: the last 64 took 1 s, and now 1.5 s; 64 / 1.5 = 42.7.
    clock.now += 0.5
    for _ in range(40):
        admission.leave(is_post=True, is_answer=False)
    assert let_in(admission) == 43 - 24


def test_however_slow_the_answers_a_few_are_let_in_and_however_quick_not_more_than_most() -> None:
    clock = Clock()
    slow, quick = Admission(384, clock), Admission(384, clock)
    answer(slow, clock, 100, 5.0)
    answer(quick, clock, 1000, 0.0001)
    assert let_in(slow) == 16
    assert let_in(quick) == 384
    assert quick.is_full(is_post=False)


def test_refusals_make_answers_look_no_quicker() -> None:
    clock = Clock()
    admission = Admission(384, clock)
    answer(admission, clock, 1000, 1 / 64)
    for _ in range(1000):
        admission.enter(is_post=True)
        admission.leave(is_post=True, is_answer=False)
    assert let_in(admission) == 64


def test_quiet_times_and_what_only_waits_do_not_count() -> None:
    clock = Clock()
    admission = Admission(384, clock)
    answer(admission, clock, 1000, 1 / 64)
    for _ in range(100):
        admission.enter(is_post=False)
    clock.now += 60
    for _ in range(100):
        admission.leave(is_post=False, is_answer=True)
    assert let_in(admission) == 64
