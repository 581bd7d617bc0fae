"""Fits how probable it is that two entries ask the same: `python -m training.fit_duplicates`.

The pairs are our own: ways to ask one question and siblings of it (`duplicates/pairs.tsv`), frames filled with
different things, and every second trade of `wordings/`, where half of every other trade's entries are cut in two, as if
two people had written them; all of it, and parts, because neighbours come nearer in large knowledge bases. Run it after
every change of the compact model and put the weights into `faqbot/matching/duplicates/pair_evidence.py`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from faqbot.encoder.encoding import Encoding
from faqbot.encoder.opening import open_encoder
from faqbot.encoder.unrelated import encode_unrelated
from faqbot.knowledge import clean
from faqbot.matching.duplicates.near_questions import NearQuestions
from faqbot.matching.duplicates.pair_evidence import WEIGHTS
from faqbot.matching.model.prior import shipped_prior
from faqbot.matching.search.texts import Texts
from faqbot.settings import EncoderSettings

_HERE = Path(__file__).parent
_FOLDS = 6
_ROUNDS = 8
# Entries of one wording each are what most knowledge bases have two of.
_SINGLE = 3.0
_ALARMS = (0, 3, 10, 20, 40)
_PARTS = (1, 2, 4, 8)
_CUTS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)


@dataclass(frozen=True, slots=True)
class Written:
    """A wording of ours.

    Attributes:
        text: Cleaned.
        topic: Of the entry that it stands in.
        question: What it asks; equal for wordings that ask the same.
        source: Pairs of different questions of one source are known to differ; across sources nobody knows.
        leads: Whether it is its entry's standard question.
    """

    text: str
    topic: str
    question: str
    source: str
    leads: bool


def material() -> list[Written]:
    """Every wording, each text of `pairs.tsv` once."""
    return [*_pairs(), *_frames(), *_trades()]


def _pairs() -> Iterator[Written]:
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        while parent.setdefault(text, text) != text:
            text = parent[text]
        return text

    for line in (_HERE / "duplicates" / "pairs.tsv").read_text(encoding="utf-8").splitlines():
        same, a, b = line.split("\t")
        one, other = root(clean(a)), root(clean(b))
        if same == "1":
            parent[one] = other
    for text in list(parent):
        yield Written(text, f"pair {text}", f"pair {root(text)}", "pairs", leads=True)


def _frames() -> Iterator[Written]:
    folder = _HERE / "duplicates"
    things = (folder / "things.txt").read_text(encoding="utf-8").splitlines()
    for frame in (folder / "frames.txt").read_text(encoding="utf-8").splitlines():
        for thing in things:
            if thing.isascii() == frame.isascii():
                text = clean(frame.replace("{x}", thing))
                yield Written(text, f"made {text}", f"made {text}", "made", leads=True)


def _trades() -> Iterator[Written]:
    for number, path in enumerate(sorted((_HERE / "wordings").glob("*.jsonl"))[::2]):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            zh, en = ([clean(text) for text in entry["wordings"].get(language, ())][:4] for language in ("zh", "en"))
            is_cut = number % 2 == 0 and zlib.crc32(entry["id"].encode()) % 2 == 0
            halves = [[*zh[::2], *en[1:2]], [*zh[1::2], *en[:1]]] if is_cut else [[*zh, *en]]
            for half, texts in enumerate(halves):
                for place, text in enumerate(texts):
                    leads = place == 0 or (not is_cut and text in en[:1])
                    yield Written(text, f"{entry['id']} {half}", entry["id"], path.stem, leads)


def main() -> None:
    """Print what is found in cross-validation, and the weights of a fit to all pairs."""
    written = material()
    encoder = open_encoder(EncoderSettings(model="compact"))
    encodings = encoder.encode([one.text for one in written])
    unrelated = encode_unrelated(encoder)
    drawn = []
    for parts in _PARTS:
        members = [n for n, one in enumerate(written) if zlib.crc32(one.question.encode()) % parts == 0]
        drawn.append(_evidence([written[n] for n in members], [encodings[n] for n in members], unrelated))
    x, same, single, sources = (np.concatenate(column) for column in zip(*drawn, strict=True))
    weights = np.where(same & single, _SINGLE, 1.0)
    count = len(drawn[0][0])
    _report(x[:count], same[:count], single[:count], weights[:count], list(sources[:count]))
    model = LogisticRegression(C=100, max_iter=5000).fit(x, same, weights)
    for name, weight in zip(WEIGHTS, model.coef_[0], strict=True):
        print(f'    "{name}": {weight:.1f},')
    print(f"INTERCEPT = {model.intercept_[0]:.1f}")
    for parts, (some, yes, *_) in zip(_PARTS, drawn, strict=True):
        scores = model.predict_proba(some)[:, 1]
        hits = [(int((scores[yes] >= cut).sum()), int((scores[~yes] >= cut).sum())) for cut in _CUTS]
        print(f"one of {parts} parts, found and false alarms at {_CUTS}: {hits} of {yes.sum()}")


_Evidence = tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.str_]]


def _evidence(written: list[Written], encodings: list[Encoding], unrelated: list[Encoding]) -> _Evidence:
    """Per pair of topics: its evidence, whether the two ask the same, have one wording each, and the source."""
    names: dict[str, int] = {}
    topics = np.array([names.setdefault(one.topic, len(names)) for one in written])
    texts = Texts.of([one.text for one in written], encodings)
    a, b, evidence = NearQuestions(texts, topics, unrelated, shipped_prior("compact").metric).evidence()
    kept: dict[tuple[int, int], int] = {}
    for place in np.argsort(-evidence[:, 0]):
        one, other = written[a[place]], written[b[place]]
        if (one.leads or other.leads) and (one.source == other.source or one.question == other.question):
            low, high = sorted((int(topics[a[place]]), int(topics[b[place]])))
            kept.setdefault((low, high), int(place))
    places = np.array(list(kept.values()))
    pairs = [(written[i], written[j]) for i, j in zip(a[places], b[places], strict=True)]
    same = np.array([one.question == other.question for one, other in pairs])
    sources = np.array([one.source for one, _ in pairs])
    print(f"{len(written)} wordings, {len(names)} topics; {len(pairs)} pairs, {same.sum()} of them ask the same.")
    return evidence[places], same, np.isin(sources, ["pairs", "made"]), sources


def _report(
    x: npt.NDArray[np.float32],
    same: npt.NDArray[np.bool_],
    single: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
    sources: list[str],
) -> None:
    """Found at so many false alarms, a trade always being judged by weights that have not seen it."""
    found, cuts = [], []
    for seed in range(_ROUNDS):
        logits = np.empty(len(x))
        fold = np.array(
            [
                (place * 7 + seed if is_single else zlib.crc32(f"{source}{seed}".encode())) % _FOLDS
                for place, (source, is_single) in enumerate(zip(sources, single, strict=True))
            ]
        )
        for number in range(_FOLDS):
            held = fold == number
            model = LogisticRegression(C=100, max_iter=5000).fit(x[~held], same[~held], weights[~held])
            logits[held] = model.decision_function(x[held])
        alarms = np.sort(logits[~same])[::-1]
        found.append([[int((logits[same & part] > alarms[n]).sum()) for n in _ALARMS] for part in (single, ~single)])
        cuts.append([1 / (1 + np.exp(-alarms[n])) for n in _ALARMS])
    for name, part, row in zip(("one wording each", "several"), (single, ~single), np.mean(found, axis=0), strict=True):
        print(f"{name}: of {(same & part).sum()} found beside {_ALARMS} false alarms: {row.round(1)}")
    print(f"scores there: {np.mean(cuts, axis=0).round(2)}")


if __name__ == "__main__":
    main()
