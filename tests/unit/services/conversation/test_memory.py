from __future__ import annotations

from faqbot.services.conversation.memory import ConversationMemory, Memory
from faqbot.services.values.origin import Origin


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_silent_conversation_is_forgotten_and_leaves_no_trace() -> None:
    clock = Clock()
    memory = ConversationMemory(sessions=10, seconds=60, clock=clock)
    memory.keep(Origin("api", session_id="a"), Memory(misses=1))
    clock.now += 59.9
    assert memory.recall(Origin("api", session_id="a")).misses == 1
    clock.now += 0.1
    assert memory.recall(Origin("api", session_id="a")) == Memory()
    memory.keep(Origin("api", session_id="b"), Memory(misses=2))
    assert len(memory) == 1


def test_speaking_again_keeps_a_conversation() -> None:
    clock = Clock()
    memory = ConversationMemory(sessions=10, seconds=60, clock=clock)
    for misses in range(5):
        memory.keep(Origin("api", session_id="a"), Memory(misses=misses))
        clock.now += 50
    assert memory.recall(Origin("api", session_id="a")).misses == 4


def test_beyond_the_bound_the_longest_silent_is_forgotten() -> None:
    memory = ConversationMemory(sessions=2, seconds=60, clock=Clock())
    a, b, c = (Origin("api", session_id=name) for name in "abc")
    memory.keep(a, Memory(misses=1))
    memory.keep(b, Memory(misses=2))
    memory.keep(a, Memory(misses=3))
    memory.keep(c, Memory(misses=4))
    assert [memory.recall(one).misses for one in (a, b, c)] == [3, 0, 4]
    assert len(memory) == 2


def test_the_same_session_id_on_another_channel_is_another_conversation() -> None:
    memory = ConversationMemory(sessions=10, seconds=60, clock=Clock())
    memory.keep(Origin("api", session_id="1"), Memory(misses=1))
    assert memory.recall(Origin("rasa", session_id="1")) == Memory()


def test_a_session_id_of_any_length_and_content_can_be_remembered() -> None:
    memory = ConversationMemory(sessions=10, seconds=60, clock=Clock())
    for session_id in ("x" * 1_000_000, "\udcff", "\0"):
        memory.keep(Origin("rasa", session_id=session_id), Memory(misses=7))
        assert memory.recall(Origin("rasa", session_id=session_id)).misses == 7
    assert len(memory) == 3
