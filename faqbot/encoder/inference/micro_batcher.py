"""Questions that come at the same time share a forward pass.

One thread runs the model. Every call puts its texts into a queue and asks that thread for a pass; a pass takes what is
in the queue at its beginning, as much as fits. So one question alone waits for nothing, and the questions that arrive
during a pass form the next one. Questions whose callers have gone are left out.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from faqbot.encoder.caller import Caller
from faqbot.encoder.encoding import Progress
from faqbot.errors import ClientGone, Overloaded
from faqbot.language import _

Result = TypeVar("Result")
TokenIds = list[int]

_FEW = 4
"""Up to so many texts a call is a question, which goes before the jobs that encode more."""
_QUESTION_TOKENS = 1024
_JOB_TOKENS, _JOB_TOKENS_BESIDE_QUESTIONS = 256, 96
"""Bounds of one pass; a job's is small, because a question that comes meanwhile waits for it."""
_RECENT_SECONDS = 2.0
"""So long after a question the next one is expected."""
_TURN = 8
"""Every so many passes a job gets its turn even though questions wait."""
_REPLIES_SECONDS = 0.25
"""So long a pass waits at most for the replies to the questions of the last one."""


@dataclass(eq=False)
class _Call(Generic[Result]):
    """The texts of one caller, and how far they are."""

    texts: Sequence[TokenIds]
    is_question: bool
    caller: Caller | None = None
    taken: int = 0
    results: list[Result] = field(default_factory=list)
    error: Exception | None = None
    news: threading.Event = field(default_factory=threading.Event)

    @property
    def is_done(self) -> bool:
        return self.error is not None or len(self.results) == len(self.texts)


_Chosen = list[tuple[_Call[Result], Sequence[TokenIds]]]


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
        """Bind the model; its thread starts with the first call, so that a process may fork before.

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
        # Always the same thread: number libraries keep threads and working memory for each thread that calls them.
        self._model = ThreadPoolExecutor(1, thread_name_prefix="model")
        self._changing = threading.Lock()
        self._questions: deque[_Call[Result]] = deque()
        self._jobs: deque[_Call[Result]] = deque()
        self._served: list[Caller] = []
        self._passes = 0
        self._asked = -math.inf

    def run(
        self, texts: Sequence[TokenIds], progress: Progress | None = None, caller: Caller | None = None
    ) -> list[Result]:
        """Wait for the results of some texts, in their order; callable from many threads.

        Args:
            texts: Any number, none included.
            progress: Called in the caller's thread with (texts done, texts in all).
            caller: Who waits for the reply; None where nobody does.

        Raises:
            Overloaded: So many questions wait already, or this one has waited for too long.
            ClientGone: The caller was gone before the pass began.
            Exception: What `forward` raised on these texts.
        """
        if not texts:
            return []
        call: _Call[Result] = _Call(texts, len(texts) <= _FEW, caller)
        self._enter(call)
        try:
            self._model.submit(self._pass)
            self._wait_for_turn(call)
            while not call.is_done:
                call.news.wait()
                call.news.clear()
                if progress and call.results:
                    progress(len(call.results), len(texts))
        finally:
            # A caller who goes early, interrupted or tired of waiting, leaves the model nothing to do for him.
            self._leave(call)
        if call.error:
            raise call.error
        return call.results

    def _enter(self, call: _Call[Result]) -> None:
        if call.caller:
            call.caller.end_reply()
        with self._changing:
            if call.is_question and len(self._questions) >= self._queue_size:
                raise Overloaded(
                    _("{count} questions are waiting already; try again in a few seconds.", count=self._queue_size)
                )
            (self._questions if call.is_question else self._jobs).append(call)
            if call.is_question:
                self._asked = time.monotonic()

    def _leave(self, call: _Call[Result]) -> None:
        with self._changing:
            for queue in (self._questions, self._jobs):
                if call in queue:
                    queue.remove(call)

    def _wait_for_turn(self, call: _Call[Result]) -> None:
        if not call.is_question or call.news.wait(self._wait_seconds):
            return
        with self._changing:
            is_waiting = call in self._questions
        if is_waiting:
            raise Overloaded(
                _("The model was busy for {seconds:g} seconds; try again in a few seconds.", seconds=self._wait_seconds)
            )

    def _pass(self) -> None:
        """Run a pass over what waits; nothing where an earlier pass took it along."""
        if self._questions or self._jobs:
            self._wait_for_replies()
            self._dismiss_gone()
        with self._changing:
            chosen = self._choose()
        if not chosen:
            return
        _run(self._forward, chosen)
        for call, _text in chosen:
            if call.error:
                self._leave(call)
            if call.caller and call.is_done:
                call.caller.begin_reply()
                self._served.append(call.caller)
            call.news.set()
        with self._changing:
            is_more = bool(self._questions or self._jobs)
        if is_more:
            self._model.submit(self._pass)

    def _wait_for_replies(self) -> None:
        """Return when all who were served have their replies; after a while the rest is waited for no more."""
        end = time.monotonic() + _REPLIES_SECONDS
        for caller in self._served:
            caller.wait_for_reply(end - time.monotonic())
        self._served.clear()

    def _dismiss_gone(self) -> None:
        """Take the calls out of the queue whose callers would not read a reply."""
        with self._changing:
            gone = [call for call in self._questions if call.caller and call.caller.has_gone()]
            for call in gone:
                self._questions.remove(call)
        for call in gone:
            call.error = ClientGone(_("The client went away before its question was read."))
            call.news.set()

    def _choose(self) -> _Chosen[Result]:
        """The texts of the next pass, by call, as many as its bounds allow; calls that are through leave the queue."""
        if not (self._questions or self._jobs):
            return []
        self._passes += 1
        is_jobs_turn = bool(self._jobs) and (not self._questions or self._passes % _TURN == 0)
        queue, tokens = (self._jobs, self._job_tokens()) if is_jobs_turn else (self._questions, _QUESTION_TOKENS)
        chosen: _Chosen[Result] = []
        texts = self._batch_size
        while queue and texts > 0 and tokens > 0:
            call = queue[0]
            first = call.taken
            while call.taken < len(call.texts) and texts > 0 and tokens > 0:
                tokens -= len(call.texts[call.taken])
                texts -= 1
                call.taken += 1
            chosen.append((call, call.texts[first : call.taken]))
            if call.taken == len(call.texts):
                queue.popleft()
        return chosen

    def _job_tokens(self) -> int:
        is_quiet = time.monotonic() - self._asked > _RECENT_SECONDS
        return _JOB_TOKENS if is_quiet else _JOB_TOKENS_BESIDE_QUESTIONS


def _run(forward: Callable[[list[TokenIds]], list[Result]], chosen: _Chosen[Result]) -> None:
    """One pass for all; where it fails, one for each, so that nobody fails for another's text."""
    try:
        results = iter(forward([text for _, texts in chosen for text in texts]))
    except Exception as error:  # Raised again in the thread of the caller.
        if len(chosen) == 1:
            chosen[0][0].error = error
        else:
            for part in chosen:
                _run(forward, [part])
        return
    for call, texts in chosen:
        call.results += [next(results) for _ in texts]
