"""The published version that this process answers from, and how it notices a newer one."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from faqbot.encoder import Encoder
from faqbot.errors import FaqbotError, NotReady
from faqbot.matching.model.matcher import Ranking
from faqbot.matching.search.scoring import UNRELATED_TEXTS, Scale, measure_scale
from faqbot.services.answering.snapshot import Snapshot, load_snapshot
from faqbot.services.answering.traffic import TrafficWatch
from faqbot.storage import Repository

_log = logging.getLogger(__name__)

_NOTICEABLE = 0.01
"""By so much the share of unanswerable questions has to move before the thresholds follow it."""


class PublishedKnowledge:
    """Holds the current snapshot and swaps it whole when a newer version is published."""

    def __init__(self, repository: Repository, encoder: Encoder) -> None:
        """Nothing is read before `refresh`."""
        self._repository = repository
        self._encoder = encoder
        self._snapshot: Snapshot | None = None
        # What answered before, so that going back to it takes no time.
        self._previous: Snapshot | None = None
        self._generation: int | None = None
        self._scale: Scale | None = None
        self._loading = threading.Lock()
        self._stop = threading.Event()
        self._traffic = TrafficWatch()
        self.problem: FaqbotError | None = None

    @property
    def snapshot(self) -> Snapshot:
        """What answers now.

        Raises:
            NotReady: Nothing is published yet.
            ModelMismatch: What is published belongs to another model.
        """
        if self._snapshot is None:
            raise self.problem or NotReady(
                "Nothing is published yet: import a knowledge base and run `faqbot publish`."
            )
        return self._snapshot

    @property
    def scale(self) -> Scale:
        """Where the model's similarities of unrelated texts lie; measured once per process."""
        if self._scale is None:
            self._scale = measure_scale(self._encoder.encode(UNRELATED_TEXTS))
        return self._scale

    def refresh(self) -> None:
        """Load the current version if it is not the one in memory; the old one answers meanwhile.

        Raises:
            ModelMismatch: The version belongs to another model; the old snapshot stays.
        """
        with self._loading:
            number, generation = self._repository.current_version()
            if generation == self._generation:
                return
            if number is not None:
                try:
                    loaded = load_snapshot(self._repository, self._encoder, number, self.scale, self._previous)
                    if self._snapshot is not None:
                        loaded.decider.prepare()
                    self._previous, self._snapshot = self._snapshot, loaded
                    self._traffic = TrafficWatch()
                except FaqbotError as error:
                    self.problem = error
                    raise
            self.problem = None
            self._generation = generation

    def saw(self, snapshot: Snapshot, ranking: Ranking) -> None:
        """Learn from a customer's question how much of the traffic has no answer, and adapt to it.

        Where labelled questions say what that share is, they are believed instead.
        """
        thresholds = snapshot.decider.matcher.fitted.thresholds
        if thresholds.share_source not in ("default", "traffic"):
            return
        share = self._traffic.saw(ranking.p_none, thresholds.share)
        # Adapting forgets every remembered judgement, so it has to be worth it. While a newer version is being loaded
        # there is nothing to adapt, and a customer must not wait for it.
        if share is None or abs(share - thresholds.share) < _NOTICEABLE or not self._loading.acquire(blocking=False):
            return
        try:
            if self._snapshot is snapshot:
                self._snapshot = replace(snapshot, decider=snapshot.decider.at_share(share))
                _log.info("About %.0f %% of the traffic has no answer; thresholds are adapted.", 100 * share)
        finally:
            self._loading.release()

    def watch(self, seconds: float) -> None:
        """Refresh every so many seconds in a thread that ends with the process."""
        threading.Thread(target=self._watch, args=(seconds,), name="published-version", daemon=True).start()

    def stop(self) -> None:
        """End the watching thread."""
        self._stop.set()

    def _watch(self, seconds: float) -> None:
        if self._snapshot is not None:
            # At the start there was no other version that could have answered meanwhile.
            self._snapshot.decider.prepare()
        reported = ""
        while not self._stop.wait(seconds):
            try:
                self.refresh()
                reported = ""
            except FaqbotError as error:
                if str(error) != reported:
                    _log.warning("The published version cannot be loaded: %s", error)
                reported = str(error)
