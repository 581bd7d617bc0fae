"""The published version that this process answers from, and how it notices a newer one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from faqbot.encoder import Encoder
from faqbot.encoder.encoding import Encoding
from faqbot.errors import FaqbotError, ModelMismatch, NotReady
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.decision import Decider, Judgement
from faqbot.matching.fitted import Fitted
from faqbot.matching.matcher import Ranking
from faqbot.matching.scoring import UNRELATED_TEXTS, Scale, measure_scale
from faqbot.services.documents import read_documents, searched_passages, searching
from faqbot.services.eligibility import Limit, limits_of
from faqbot.services.related import Neighbours
from faqbot.services.traffic import TrafficWatch
from faqbot.storage import Repository, checksum_of

_log = logging.getLogger(__name__)

_NOTICEABLE = 0.01
"""By so much the share of unanswerable questions has to move before the thresholds follow it."""

REMEMBERED = 1000
"""Of so many of the last questions the vectors and the judgement are kept in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One published version, ready to answer; immutable, so a request keeps the one it began with.

    Attributes:
        version: Its number.
        created_at: When it was published; after a restored backup another version may have the number.
        entries: By entry id.
        topics: The entry ids of each topic, in file order.
        decider: Ranks the version's topics and applies its thresholds.
        limits: When and for whom entries answer, where that is not always and everybody.
        with_threshold: The topics that have an entry with an answer threshold of its own.
        neighbours: Which entries are near to which.
        spell: `decider.spell`, which remembers the last questions, as do the next two; what they remember ends with
            the snapshot.
        stored: `decider.stored`.
        judge: `decider.judge`.
    """

    version: int
    created_at: str
    entries: dict[str, Entry]
    topics: dict[str, tuple[str, ...]]
    decider: Decider
    limits: tuple[Limit, ...]
    with_threshold: tuple[str, ...]
    neighbours: Neighbours
    spell: Callable[[str], str] = field(init=False)
    stored: Callable[[str], Encoding | None] = field(init=False)
    judge: Callable[..., Judgement] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing remembered."""
        for name in ("spell", "stored", "judge"):
            object.__setattr__(self, name, lru_cache(REMEMBERED)(getattr(self.decider, name)))


def make_snapshot(version: int, entries: list[Entry], decider: Decider, created_at: str = "") -> Snapshot:
    """Bind the parts of one version together."""
    topics: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        topics[entry.topic] = (*topics.get(entry.topic, ()), entry.entry_id)
    return Snapshot(
        version,
        created_at,
        {entry.entry_id: entry for entry in entries},
        topics,
        decider,
        limits=limits_of(entries),
        with_threshold=tuple(dict.fromkeys(e.topic for e in entries if e.answer_threshold is not None)),
        neighbours=Neighbours(entries, decider),
    )


def load_snapshot(
    repository: Repository, encoder: Encoder, number: int, scale: Scale, known: Snapshot | None = None
) -> Snapshot:
    """Read a version and the vectors of its wordings; `known` is given back where it is that very version.

    Raises:
        VersionNotFound: There is no such version.
        ModelMismatch: Its vectors belong to another model.
    """
    version = repository.get_version(number)
    if known and (known.version, known.created_at) == (version.number, version.created_at):
        return known
    info = encoder.info
    if version.fingerprint != info.fingerprint:
        raise ModelMismatch(
            f"Version {number} was encoded with model '{version.model}', this is '{info.model}': "
            f"run `faqbot publish` to encode it again, or set encoder.model back."
        )
    entries = list(version.entries)
    wordings = wordings_of(entries)
    checksums = [checksum_of(wording.text) for wording in wordings]
    missing = repository.missing_checksums(info.fingerprint, checksums)
    if missing:
        raise ModelMismatch(f"{len(missing)} wordings of version {number} have no vectors: run `faqbot publish`.")
    if version.learned is None:
        raise ModelMismatch(f"Version {number} was published without learning: run `faqbot publish`.")
    try:
        fitted = Fitted.from_bytes(version.learned)
    except ValueError:
        raise ModelMismatch(
            f"Version {number} was learned by another release of faqbot: run `faqbot calibrate` to learn it again."
        ) from None
    vectors = repository.get_stack(info.fingerprint, checksums)
    documents = read_documents(repository, info.fingerprint, searched_passages(entries, fitted))
    decider = Decider(wordings, vectors, fitted, scale, searching(documents, fitted, scale))
    return make_snapshot(number, entries, decider, version.created_at)


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
