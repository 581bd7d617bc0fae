"""The published version that this process answers from, and how it notices a newer one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import Protocol

from faqbot.encoder import Encoder
from faqbot.encoder.unrelated import encode_unrelated
from faqbot.errors import FaqbotError, NotReady
from faqbot.language import _
from faqbot.matching.model.matcher import Ranking
from faqbot.matching.model.thresholds import Thresholds
from faqbot.matching.search.scoring import Scale, measure_scale
from faqbot.services.answering.loading import load_snapshot
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.answering.traffic import TrafficWatch, adapted, figures_of
from faqbot.services.values.origin import Origin
from faqbot.storage import TrafficEffects, Vectors, Versions

_log = logging.getLogger(__name__)

_NOTICEABLE = 0.01
"""By so much the share of unanswerable questions has to move before the thresholds follow it."""


class Current(Protocol):
    """What answers now; `PublishedKnowledge` is the one that customers get."""

    @property
    def snapshot(self) -> Snapshot:
        """The knowledge base; raises `NotReady` or `ModelMismatch` where there is none."""
        ...

    @property
    def scale(self) -> Scale:
        """Where the model's similarities of unrelated texts lie."""
        ...

    def saw(self, snapshot: Snapshot, question: str, ranking: Ranking, origin: Origin) -> None:
        """Learn from how a question was ranked."""
        ...


class Unpublished:
    """No knowledge base at all, for what needs the model only."""

    def __init__(self, encoder: Encoder) -> None:
        """Bind the model."""
        self._encoder = encoder

    @property
    def snapshot(self) -> Snapshot:
        """There is none."""
        raise NotReady(_("Nothing is published yet: import a knowledge base and run `faqbot publish`."))

    @cached_property
    def scale(self) -> Scale:
        """See `Current`."""
        return measure_scale(encode_unrelated(self._encoder))

    def saw(self, snapshot: Snapshot, question: str, ranking: Ranking, origin: Origin) -> None:
        """See `Current`."""


class PublishedKnowledge:
    """Holds the current snapshot and swaps it whole when a newer version is published."""

    def __init__(
        self,
        versions: Versions,
        vectors: Vectors,
        encoder: Encoder,
        *,
        target_precision: float = 0.95,
        effects: TrafficEffects | None = None,
    ) -> None:
        """Nothing is read before `refresh`.

        Args:
            versions: Where they are.
            vectors: Of their wordings and passages.
            encoder: Which made those.
            target_precision: Sets the threshold of a version that has to be learned again before it can be trusted.
            effects: Told what traffic does to the thresholds, where given.
        """
        self._versions = versions
        self._vectors = vectors
        self._encoder = encoder
        self._target_precision = target_precision
        self._effects = effects
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
                _("Nothing is published yet: import a knowledge base and run `faqbot publish`.")
            )
        return self._snapshot

    @property
    def scale(self) -> Scale:
        """Where the model's similarities of unrelated texts lie."""
        if self._scale is None:
            self._scale = measure_scale(encode_unrelated(self._encoder))
        return self._scale

    def refresh(self, *, encode: bool = False) -> None:
        """Load the current version if it is not the one in memory; the old one answers meanwhile.

        Args:
            encode: Whether to make the vectors anew where another build of the same model made those that are there.

        Raises:
            ModelMismatch: The version belongs to another model; the old snapshot stays, whatever the error.
        """
        with self._loading:
            number, generation = self._versions.current()
            if generation == self._generation:
                return
            if number is not None:
                try:
                    self._load(number, encode=encode)
                except FaqbotError as error:
                    self.problem = error
                    raise
                except Exception:
                    self.problem = NotReady(_("Version {number} could not be loaded; the log says why.", number=number))
                    raise
            self.problem = None
            self._generation = generation

    def _load(self, number: int, *, encode: bool) -> None:
        loaded = load_snapshot(
            self._versions,
            self._vectors,
            self._encoder,
            number,
            known=self._previous,
            target_precision=self._target_precision,
            encode=encode,
        )
        if loaded.decider is not loaded.learned:
            # Gone back to: what traffic did to it while it answered before is over.
            loaded = loaded.decided_by(loaded.learned)
        if self._snapshot is not None:
            loaded.decider.prepare()
        self._previous, self._snapshot = self._snapshot, loaded
        self._traffic = TrafficWatch()

    def saw(self, snapshot: Snapshot, question: str, ranking: Ranking, origin: Origin) -> None:
        """Learn from a customer's question how much of the traffic has no answer, and adapt to it.

        Where labelled questions say what that share is, they are believed instead. How far traffic may go, `adapted`
        says.
        """
        thresholds = snapshot.decider.thresholds
        if thresholds.share_source not in ("default", "traffic"):
            return
        share = self._traffic.saw(question, ranking.p_none, thresholds.share, origin)
        # While a newer version is being loaded there is nothing to adapt, and a customer must not wait for it.
        if share is None or not self._loading.acquire(blocking=False):
            return
        try:
            if self._snapshot is not snapshot:
                return
            decider = adapted(snapshot.learned, share)
            # Adapting forgets every remembered judgement, so it has to be worth it.
            if abs(decider.thresholds.share - thresholds.share) >= _NOTICEABLE:
                self._snapshot = snapshot.decided_by(decider)
                _log.info(
                    "About %.0f %% of the traffic has no answer; thresholds are adapted to %.0f %%, for an expected "
                    "coverage of %.3f after %.3f as learned.",
                    *(100 * share, 100 * decider.thresholds.share),
                    *(decider.thresholds.coverage, snapshot.learned.thresholds.coverage),
                )
                self._note(snapshot.version, snapshot.learned.thresholds, decider.thresholds)
        finally:
            self._loading.release()

    def _note(self, version: int, learned: Thresholds, adapted_to: Thresholds) -> None:
        # What cannot be written down must not cost the customer the answer.
        with suppress(FaqbotError):
            if self._effects:
                self._effects.note(version, figures_of(learned), figures_of(adapted_to))

    def watch(self, seconds: float, learn_again: Callable[[int], object] | None = None) -> None:
        """Refresh every so many seconds in a thread that ends with the process.

        Args:
            seconds: Between two looks.
            learn_again: Has a version learned again; called once for each that another release of faqbot learned.
        """
        arguments = (seconds, learn_again)
        threading.Thread(target=self._watch, args=arguments, name="published-version", daemon=True).start()

    def stop(self) -> None:
        """End the watching thread."""
        self._stop.set()

    def _watch(self, seconds: float, learn_again: Callable[[int], object] | None) -> None:
        """Look until the process ends, whatever goes wrong; a failure that goes on is logged once."""
        asked: set[tuple[int, str]] = set()
        wait, reported = 0.0, ""
        while not self._stop.wait(wait):
            wait = seconds
            try:
                self.refresh(encode=True)
                current = self._snapshot
                if current:
                    # The first one was not prepared, for a quick start: no other version could answer meanwhile.
                    current.decider.prepare()
                if current and current.outdated and learn_again and (current.version, current.created_at) not in asked:
                    learn_again(current.version)
                    # Once: two releases on one database must not undo each other's work for ever.
                    asked.add((current.version, current.created_at))
                reported = ""
            except Exception as error:
                told = f"{type(error).__name__}: {error}"
                if told != reported:
                    foreseen = isinstance(error, FaqbotError)
                    _log.warning("The published version cannot be loaded: %s", error, exc_info=not foreseen)
                reported = told
