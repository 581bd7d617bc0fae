"""What is learned from one published version, and how it is kept beside it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoding
from faqbot.knowledge import Wording
from faqbot.matching.model.calibration import at_share
from faqbot.matching.model.classifiers import Classifiers, Method
from faqbot.matching.model.conditional_logit import ConditionalLogit
from faqbot.matching.model.features import STORED_NAMES
from faqbot.matching.model.linear_classifier import LinearClassifier
from faqbot.matching.model.thresholds import Sample, ShareSource, Thresholds, choose_thresholds
from faqbot.matching.search.texts import NOTHING_FITS, LabelledTexts, Texts


@dataclass(frozen=True, slots=True)
class Labelled:
    """A real question and the topics that answer it.

    Attributes:
        text: As encoded.
        encoding: Of the text.
        topics: Every topic that answers it; empty: nothing does.
    """

    text: str
    encoding: Encoding
    topics: frozenset[str]


_VIEWS = ("metric", "dense", "characters")
_SAMPLE_FIELDS = ("confidence", "none", "right", "own", "answerable")


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Everything learned from one version's wordings.

    Attributes:
        method: How the classifiers were fitted.
        metric: The prior's metric; None without one.
        classifiers: None for `closed_form`, which is computed anew in no time.
        model: The conditional logit at the share of unanswerable questions that `thresholds` names.
        sample: The questions that the thresholds were chosen on.
        thresholds: With their record.
        checksum: Of the wordings and labelled questions, and their order.
    """

    method: Method
    metric: npt.NDArray[np.float32] | None
    classifiers: Classifiers | None
    model: ConditionalLogit
    sample: Sample
    thresholds: Thresholds
    checksum: str

    def check(self, wordings: Sequence[Wording], labelled: Sequence[Labelled] = ()) -> None:
        """Refuse other wordings and labelled questions than those learned from.

        Raises:
            ValueError: They differ.
        """
        if checksum_of(wordings, labelled) != self.checksum:
            raise ValueError("These are not the wordings and labelled questions that this was learned from; fit again.")

    def at_share(self, share: float, source: ShareSource) -> Fitted:
        """Another share of unanswerable questions, for example as traffic comes in; nothing is fitted again."""
        sample = self.sample.at_share(share)
        thresholds = choose_thresholds(sample, self.thresholds.target_precision, source)
        model = at_share(self.model, share, self.thresholds.share)
        return replace(self, model=model, sample=sample, thresholds=thresholds)

    def to_bytes(self) -> bytes:
        """An npz without pickles; half precision for the classifiers."""
        arrays: dict[str, npt.NDArray[Any]] = {"model": self.model.stacked()}
        if self.metric is not None:
            arrays["metric"] = self.metric.astype(np.float16)
        for view in _VIEWS if self.classifiers else ():
            classifier = getattr(self.classifiers, view)
            if classifier is not None:
                arrays[f"{view}_weights"] = classifier.weights.astype(np.float16)
                arrays[f"{view}_bias"] = classifier.bias
        for field in _SAMPLE_FIELDS:
            arrays[f"sample_{field}"] = getattr(self.sample, field)
        facts = {
            "method": self.method,
            "evidence": STORED_NAMES,
            "checksum": self.checksum,
            "sample": {"source": self.sample.source, "share": self.sample.share},
            "thresholds": self.thresholds.to_json(),
        }
        arrays["facts"] = np.array(json.dumps(facts))
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Fitted:
        """The inverse of `to_bytes`.

        Raises:
            ValueError: The bytes are something else, or were learned from other evidence.
        """
        try:
            return cls._read(data)
        except (KeyError, TypeError, AttributeError, EOFError, OSError, zipfile.BadZipFile) as error:
            raise ValueError("These bytes are not what this matcher keeps; fit again.") from error

    @classmethod
    def _read(cls, data: bytes) -> Fitted:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            facts = json.loads(str(arrays["facts"]))
            linear = {
                view: LinearClassifier(arrays[f"{view}_weights"].astype(np.float32), arrays[f"{view}_bias"])
                for view in _VIEWS
                if f"{view}_weights" in arrays
            }
            return cls(
                method=facts["method"],
                metric=arrays["metric"].astype(np.float32) if "metric" in arrays else None,
                classifiers=Classifiers(linear["metric"], linear.get("dense"), linear.get("characters"))
                if linear
                else None,
                model=ConditionalLogit.from_stacked(arrays["model"], facts["evidence"]),
                sample=Sample(**{field: arrays[f"sample_{field}"] for field in _SAMPLE_FIELDS}, **facts["sample"]),
                thresholds=Thresholds.from_json(facts["thresholds"]),
                checksum=facts["checksum"],
            )


def topics_of(wordings: Sequence[Wording]) -> tuple[list[str], npt.NDArray[np.intp]]:
    """The topics in the order of their first wording, and each wording's place among them."""
    places: dict[str, int] = {}
    found = [places.setdefault(wording.topic, len(places)) for wording in wordings]
    return list(places), np.array(found, dtype=np.intp)


def labelled_texts(labelled: Sequence[Labelled], names: Sequence[str]) -> LabelledTexts | None:
    """Labelled questions as `EvidenceSource` reads them; None where there are none.

    Args:
        labelled: Questions; topics that are not among the names are passed over.
        names: Every topic in its place.
    """
    places = {name: place for place, name in enumerate(names)}
    found = [sorted(places[topic] for topic in one.topics if topic in places) for one in labelled]
    each = [own or ([] if one.topics else [NOTHING_FITS]) for one, own in zip(labelled, found, strict=True)]
    rows = np.repeat(np.arange(len(each)), [len(own) for own in each])
    if not len(rows):
        return None
    texts = Texts.of([one.text for one in labelled], [one.encoding for one in labelled])
    return LabelledTexts(texts.take(rows), np.array([topic for own in each for topic in own], dtype=np.intp))


def checksum_of(wordings: Sequence[Wording], labelled: Sequence[Labelled] = ()) -> str:
    """Changes with every topic, text and with their order."""
    digest = hashlib.sha256()
    for wording in wordings:
        digest.update(f"{wording.topic}\0{wording.text}\0".encode())
    for one in labelled:
        digest.update(f"{sorted(one.topics)}\0{one.text}\0labelled\0".encode())
    return digest.hexdigest()
