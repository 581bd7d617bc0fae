"""Questions that come at the same time share a forward pass.

There is no thread of its own. A caller who finds the model idle runs the next pass at once, for itself and for whoever
waits; a caller who finds it busy waits for that pass to end. So one question alone waits for nothing, the questions
that arrive during a pass form the next one, and with the last caller everything has ended.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from faqbot.encoder.encoding import Progress
from faqbot.errors import Overloaded

Result = TypeVar("Result")
TokenIds = list[int]

_FEW = 4
"""Up to so many texts a call is a question, which goes before the jobs that encode more."""
_QUESTION_TOKENS = 1024
_JOB_TOKENS = 256
"""Bounds of one pass; a job's is small, because a question that comes meanwhile waits for it."""
_TURN = 8
"""Every so many passes a job gets its turn even though questions wait."""


@dataclass(eq=False)
class _Call(Generic[Result]):
    texts: Sequence[TokenIds]
    is_question: bool
    deadline: float
    taken: int = 0
    results: list[Result] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.error is not None or len(self.results) == len(self.texts)


class MicroBatcher(Generic[Result]):
    """Runs forward passes one at a time, each over the texts of as many callers as fit."""

    def __init__(
        self,
        forward: Callable[[list[TokenIds]], list[Result]],
        *,
        batch_size: int,
        queue_size: int,
        wait_seconds: float,
    ) -> None:
        """Bind the model.

        Args:
            forward: One pass; gives one result per text, in order. Never called twice at a time.
            batch_size: Texts in one pass at most.
            queue_size: Questions that may wait at most.
            wait_seconds: How long a question may wait for its pass to begin.
        """
        self._forward = forward
        self._batch_size = batch_size
        self._queue_size = queue_size
        self._wait_seconds = wait_seconds
        self._changed = threading.Condition()
        self._questions: deque[_Call[Result]] = deque()
        self._jobs: deque[_Call[Result]] = deque()
        self._running = False
        self._passes = 0

    def run(self, texts: Sequence[TokenIds], progress: Progress | None = None) -> list[Result]:
        """Wait for the results of some texts, in their order; callable from many threads.

        Args:
            texts: Any number, none included.
            progress: Called in the caller's thread with (texts done, texts in all).

        Raises:
            Overloaded: So many questions wait already, or this one has waited for too long.
            Exception: What `forward` raised on these texts.
        """
        call: _Call[Result] = _Call(texts, len(texts) <= _FEW, time.monotonic() + self._wait_seconds)
        if not call.is_done:
            self._enter(call)
        told = 0
        while not call.is_done:
            self._advance(call)
            if progress and len(call.results) > told:
                told = len(call.results)
                progress(told, len(texts))
        if call.error:
            raise call.error
        return call.results

    def _enter(self, call: _Call[Result]) -> None:
        with self._changed:
            if not call.is_question:
                self._jobs.append(call)
            elif len(self._questions) < self._queue_size:
                self._questions.append(call)
            else:
                raise Overloaded(f"{self._queue_size} questions wait already; ask again in a few seconds.")

    def _advance(self, call: _Call[Result]) -> None:
        """Run one pass, or wait for the end of the one that runs."""
        with self._changed:
            if call.is_done:
                return
            if self._running:
                self._wait(call)
                return
            self._running = True
            chosen = self._choose()
        try:
            _run(self._forward, chosen)
        finally:
            with self._changed:
                self._running = False
                self._changed.notify_all()

    def _wait(self, call: _Call[Result]) -> None:
        is_queued = call.is_question and not call.taken
        left = call.deadline - time.monotonic() if is_queued else None
        if left is None or left > 0:
            self._changed.wait(left)
        elif call in self._questions:
            # Its caller has given up by now: the model must not work for it.
            self._questions.remove(call)
            raise Overloaded(f"The model was busy for {self._wait_seconds:g} seconds; ask again in a few seconds.")

    def _choose(self) -> list[tuple[_Call[Result], Sequence[TokenIds]]]:
        """The texts of the next pass, by call, as many as its bounds allow and at least one; they leave the queue."""
        self._passes += 1
        is_jobs_turn = bool(self._jobs) and (not self._questions or self._passes % _TURN == 0)
        queue, tokens = (self._jobs, _JOB_TOKENS) if is_jobs_turn else (self._questions, _QUESTION_TOKENS)
        chosen = []
        texts = self._batch_size
        while queue and texts > 0 and tokens > 0:
            call = queue[0]
            first = call.taken
            while not call.error and call.taken < len(call.texts) and texts > 0 and tokens > 0:
                tokens -= len(call.texts[call.taken])
                texts -= 1
                call.taken += 1
            if call.taken > first:
                chosen.append((call, call.texts[first : call.taken]))
            if call.error or call.taken == len(call.texts):
                queue.popleft()
        return chosen


def _run(
    forward: Callable[[list[TokenIds]], list[Result]], chosen: Sequence[tuple[_Call[Result], Sequence[TokenIds]]]
) -> None:
    """One pass for all; where it fails, one for each, so that nobody fails for another's text."""
    try:
        results = iter(forward([text for _, texts in chosen for text in texts]))
    except BaseException as error:  # Raised again in the thread of each caller.
        for call, texts in chosen:
            if len(chosen) > 1 and isinstance(error, Exception):
                _run(forward, [(call, texts)])
            else:
                call.error = error
        return
    for call, texts in chosen:
        call.results += [next(results) for _ in texts]
