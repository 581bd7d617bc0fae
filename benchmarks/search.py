"""Searching wordings by all three modes, against searching dense vectors alone: numpy, faiss flat, faiss HNSW.

The vectors are made up: topics of five wordings around a common direction, as crowded as real models' vectors are, with
twelve tokens each and BGE-M3's 1024 dimensions. Ours takes 50 candidates by dense and 50 by sparse vectors and scores
each of them in all three modes; the rivals find ten by dense vectors and are done.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle

import numpy as np
import numpy.typing as npt

from benchmarks.report import Row, compare, report
from faqbot.encoder.encoding import Encoding
from faqbot.knowledge import Wording
from faqbot.matching.search.index import WordingIndex
from faqbot.storage.codec.stacking import stack_in_files
from faqbot.storage.codec.vectors import Blocks

try:
    import faiss
except ImportError as error:
    raise SystemExit(
        "faiss is missing: install what the benchmarks need with `pip install -e '.[benchmark]'`."
    ) from error

SIZES = (1_000, 10_000)

_DIMENSION, _TOKENS, _VOCABULARY = 1024, 12, 250_002
_PER_TOPIC, _QUESTIONS, _TOP, _CANDIDATES = 5, 20, 10, 50

Matrix = npt.NDArray[np.float32]


def rows(sizes: Sequence[int] = SIZES) -> list[Row]:
    """Time, agreement and memory at each size."""
    return [row for size in sizes for row in _at(size)]


def _at(size: int) -> list[Row]:
    random = np.random.default_rng(1)
    dense = _wordings(random, size)
    questions = [_question(random, dense) for _ in range(_QUESTIONS)]
    stack = stack_in_files(_blocks(random, dense))
    tracemalloc.start()
    index = WordingIndex([Wording(f"e{n // _PER_TOPIC}", f"e{n // _PER_TOPIC}", f"q{n}") for n in range(size)], stack)
    memory = tracemalloc.get_traced_memory()[0] / size
    tracemalloc.stop()

    def ours(question: Encoding) -> npt.NDArray[np.intp]:
        found = index.score(question, index.candidates(question, _CANDIDATES))
        return found.rows[np.argsort(-found.dense, kind="stable")[:_TOP]]

    flat, graph = faiss.IndexFlatIP(_DIMENSION), faiss.IndexHNSWFlat(_DIMENSION, 32, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efSearch = 64
    for rival in (flat, graph):
        rival.add(dense)
    rivals: dict[str, Callable[[Encoding], npt.NDArray[np.intp]]] = {
        "numpy, dense only": lambda question: _brute_force(dense, question.dense),
        "faiss flat, dense only": lambda question: flat.search(question.dense[None], _TOP)[1][0],
        "faiss HNSW, dense only": lambda question: graph.search(question.dense[None], _TOP)[1][0],
    }
    found = [
        compare(f"{size} wordings", name, _in_turn(ours, questions), _in_turn(rival, questions), 2 * _QUESTIONS)
        for name, rival in rivals.items()
    ]
    exact = [_brute_force(dense, question.dense) for question in questions]
    right = _agreement(ours, questions, exact)
    for name, rival in rivals.items():
        other = _agreement(rival, questions, exact)
        found.append(Row(f"{size} wordings: of the ten nearest", right, other, name, "found", round(right / other, 2)))
    plain = 4 * _DIMENSION
    name = f"{size} wordings: memory of each"
    return [*found, Row(name, round(memory), plain, "float32 dense vectors", "bytes", round(plain / memory, 2))]


def _wordings(random: np.random.Generator, size: int) -> Matrix:
    common = 1.2 * random.standard_normal(_DIMENSION, dtype=np.float32)
    topics = random.standard_normal((size // _PER_TOPIC + 1, _DIMENSION), dtype=np.float32)
    dense = np.repeat(topics, _PER_TOPIC, axis=0)[:size]
    dense += common
    for start in range(0, size, 10_000):
        part = dense[start : start + 10_000]
        part += 0.6 * random.standard_normal(part.shape, dtype=np.float32)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return dense


def _question(random: np.random.Generator, dense: Matrix) -> Encoding:
    near = dense[random.integers(len(dense))] + 0.5 * _units(random, 1)[0]
    weights = {int(token): float(weight) for token, weight in zip(_ids(random), random.random(_TOKENS), strict=True)}
    return Encoding(near / np.linalg.norm(near), weights, _units(random, _TOKENS))


def _blocks(random: np.random.Generator, dense: Matrix) -> Iterator[Blocks]:
    pool = _units(random, 50 * _TOKENS).astype(np.float16).reshape(50, _TOKENS, _DIMENSION)
    for row in dense:
        weights = random.random(_TOKENS, dtype=np.float32)
        yield Blocks(row, _ids(random), weights, pool[random.integers(len(pool))])


def _ids(random: np.random.Generator) -> npt.NDArray[np.uint32]:
    """Token ids as texts have them: few tokens are in very many texts (Zipf's law)."""
    return (random.zipf(1.2, 4 * _TOKENS) % _VOCABULARY).astype(np.uint32)[:_TOKENS]


def _units(random: np.random.Generator, count: int) -> Matrix:
    vectors = random.standard_normal((count, _DIMENSION), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _brute_force(dense: Matrix, question: Matrix) -> npt.NDArray[np.intp]:
    products = dense @ question
    best = np.argpartition(-products, _TOP)[:_TOP]
    return best[np.argsort(-products[best], kind="stable")]


def _in_turn(ask: Callable[[Encoding], object], questions: Sequence[Encoding]) -> Callable[[], object]:
    turn = cycle(questions)
    return lambda: ask(next(turn))


def _agreement(
    ask: Callable[[Encoding], npt.NDArray[np.intp]],
    questions: Sequence[Encoding],
    exact: Sequence[npt.NDArray[np.intp]],
) -> float:
    same = [len(set(ask(question)) & set(best)) for question, best in zip(questions, exact, strict=True)]
    return round(sum(same) / _TOP / len(questions), 3)


if __name__ == "__main__":
    report("Search, 1024 dimensions", rows, SIZES)
