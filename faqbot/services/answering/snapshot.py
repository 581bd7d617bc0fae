"""One published version, ready to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from faqbot.encoder import Encoder
from faqbot.encoder.encoding import Encoding
from faqbot.errors import ModelMismatch
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.decision.decision import Decider, Judgement
from faqbot.matching.model.fitted import Fitted
from faqbot.matching.search.scoring import Scale
from faqbot.services.answering.documents import read_documents, searched_passages, searching
from faqbot.services.answering.limits import Limit, limits_of
from faqbot.services.answering.related import Neighbours
from faqbot.storage import Repository, checksum_of

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
