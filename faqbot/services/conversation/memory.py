"""What is remembered of conversations: little, not for long, and in this process only."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from faqbot.services.values.origin import Origin
from faqbot.services.values.replies import Offer, Suggestion

_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Memory:
    """One conversation.

    Attributes:
        suggestions: The 'did you mean' list that the customer looks at; empty where there is none.
        listed: Request id of the reply with that list.
        prompts: The follow-ups that were offered with the last answer.
        language: BCP 47 tag that the last reply was looked for in.
        misses: How many questions in a row had no answer.
    """

    suggestions: tuple[Suggestion, ...] = ()
    listed: str = ""
    prompts: tuple[Offer, ...] = ()
    language: str = ""
    misses: int = 0


_NOTHING = Memory()


class ConversationMemory:
    """Remembers the conversations that were active last. Safe to share among threads."""

    def __init__(self, sessions: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet.

        Args:
            sessions: Conversations at most; beyond that the one that was silent longest is forgotten.
            seconds: How long a silent conversation is remembered.
            clock: Seconds that never go backwards.
        """
        self._most = sessions
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        # The longest silent first, so that both bounds take from the front.
        self._kept: OrderedDict[bytes, tuple[float, Memory]] = OrderedDict()

    def __len__(self) -> int:
        """Conversations that are held, some perhaps too old to be recalled."""
        return len(self._kept)

    def recall(self, origin: Origin) -> Memory:
        """What is remembered of a conversation; an empty memory where nothing is."""
        with self._lock:
            touched, memory = self._kept.get(_key(origin), (0.0, _NOTHING))
            return memory if self._clock() - touched < self._seconds else _NOTHING

    def keep(self, origin: Origin, memory: Memory) -> None:
        """Remember a conversation from now on as this."""
        key, now = _key(origin), self._clock()
        with self._lock:
            self._kept[key] = (now, memory)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most or now - next(iter(self._kept.values()))[0] >= self._seconds:
                self._kept.popitem(last=False)


def _key(origin: Origin) -> bytes:
    """Of a fixed size however long a channel's session id is, and not the id itself, which may be a phone number."""
    named = f"{origin.channel}\0{origin.session_id}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(named, digest_size=_KEY_BYTES).digest()
