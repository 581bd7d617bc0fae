"""The dense vectors of one version's wordings: held once, searched exactly, at size through a compressed copy.

From some thousand wordings on a question is first compared with one byte per component, which reads a quarter of the
memory. Such a product is wrong, but by the inequality of Cauchy and Schwarz never by more than a bound that is known:
with x a row and q the question, x' and q' what their bytes stand for,

    |x.q - x'.q'| = |(q - q').x + q'.(x - x')| <= |q - q'| |x| + |q'| |x - x'|.

Every row that may belong to the result within that bound is then compared in full, so the result is that of a search
through all float32 vectors. Rows are compressed as their difference from the mean of all: it is shorter, and so is
the error.
"""

from __future__ import annotations

from collections.abc import Callable

import numkong
import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

COMPRESSED_FROM = 10_000
"""Rows from which on bytes are searched first; below, that would save nothing that anyone notices."""

_AT_ONCE = 4096
# Sums in float32 are off by less than dimension x 2^-23 (Higham 2002, "Accuracy and Stability", section 3.1).
_ROUNDING = 2.0**-23
# A row this near the centre lies in no direction; rounding must not give it one.
_NEAR = 1e-4


class DenseRows:
    """Dense vectors to search in. Immutable, so threads may share it.

    Attributes:
        rows: Unit rows, shape (n, dimension), float32; may lie in a file.
        centre: What rows and questions are compared around, shape (dimension,).
    """

    def __init__(self, rows: Matrix, centre: Matrix, *, compressed: bool | None = None) -> None:
        """Bind the rows; compress a copy where there are many.

        Args:
            rows: At least one.
            centre: Of `centre_of`.
            compressed: Whether to; unset: by their number.
        """
        self.rows = rows
        self.centre = centre
        self._rounding = rows.shape[1] * _ROUNDING
        self._offsets = _in_parts(rows, lambda part: part @ centre)
        self._distances = np.maximum(_in_parts(rows, lambda part: np.linalg.norm(part - centre, axis=1)), _NEAR)
        if compressed is None:
            compressed = len(rows) >= COMPRESSED_FROM
        self._bytes = _Bytes(rows, centre, self._distances) if compressed else None

    def __len__(self) -> int:
        """How many rows."""
        return len(self.rows)

    def products(self, question: Matrix, rows: Indices) -> Matrix:
        """Inner products with some rows, shape (len(rows),).

        Unlike a matrix product this gives equal rows equal values, wherever they stand.
        """
        return np.asarray(np.einsum("nd,d->n", self.rows[rows], question))

    def nearest(self, question: Matrix, limit: int) -> Indices:
        """The rows with the largest inner products, the largest first, of equal ones the lower row.

        Args:
            question: Unit vector, shape (dimension,).
            limit: How many at most, 1 or more.
        """
        if limit >= len(self):
            possible = np.arange(len(self))
        else:
            about, off = self._about(question)
            bar = np.partition(about - off, len(self) - limit)[len(self) - limit]
            possible = np.flatnonzero(about + off >= bar)
        exact = self.products(question, possible)
        return possible[np.argsort(-exact, kind="stable")[:limit]]

    def _about(self, question: Matrix) -> tuple[Matrix, Matrix | float]:
        """Inner products with all rows, and how far each of them may be off."""
        if self._bytes is None:
            return self.rows @ question, self._rounding
        difference = question - self.centre
        products, off = self._bytes.products(difference[None], self._distances)
        return products[0] + self._offsets + self.centre @ difference, off[0] + 4 * self._rounding

    def cosines(self, directions: Matrix) -> Matrix:
        """Cosines between questions and rows, both as seen from the centre; of compressed rows only nearly so.

        Args:
            directions: Unit vectors of the questions as seen from the centre, shape (questions, dimension).

        Returns:
            Shape (questions, n). `nearest_cosine` makes those exact that matter.
        """
        if self._bytes is None:
            return np.asarray((directions @ self.rows.T - (directions @ self.centre)[:, None]) / self._distances)
        products, _ = self._bytes.products(directions, self._distances)
        return np.asarray(products / self._distances, dtype=np.float32)

    def nearest_cosine(self, direction: Matrix, cosines: Matrix, among: Indices) -> tuple[float, int]:
        """The largest cosine among some rows, and the row, of equal ones the first.

        Args:
            direction: One of those given to `cosines`.
            cosines: What that gave for it, shape (n,).
            among: Rows to choose from, at least one.
        """
        found = cosines[among]
        if self._bytes is None:
            best = int(found.argmax())
            return float(found[best]), int(among[best])
        off = self._bytes.cosine_error(direction) + self._rounding
        possible = among[found >= found.max() - 2 * off]
        exact = np.einsum("nd,d->n", self.rows[possible] - self.centre, direction) / self._distances[possible]
        best = int(exact.argmax())
        return float(exact[best]), int(possible[best])


def centre_of(rows: Matrix, topics: int) -> Matrix:
    """What to compare rows around, shape (dimension,): their mean, or zeros where all are about one topic.

    Seen from its own mean, a single wording would lie in no direction.
    """
    return rows.mean(axis=0) if topics > 1 else np.zeros(rows.shape[1], np.float32)


def unit_rows(rows: Matrix) -> Matrix:
    """Rows to length 1; a row of zeros stays."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), dtype=np.float32)


class _Bytes:
    """Rows with one signed byte per component, each row on its own scale."""

    def __init__(self, rows: Matrix, centre: Matrix, distances: Matrix) -> None:
        self._codes = np.empty(rows.shape, dtype=np.int8)
        self._steps = np.empty(len(rows), dtype=np.float32)
        self._errors = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            self._codes[part], self._steps[part], self._errors[part] = _compress(rows[part] - centre)
        self._worst = float((self._errors / distances).max())

    def products(self, questions: Matrix, lengths: Matrix) -> tuple[Matrix, Matrix]:
        """Products of questions with all rows as seen from the centre, and how far each may be off.

        Args:
            questions: As seen from the centre, shape (questions, dimension).
            lengths: Of the rows as seen from the centre, shape (n,).
        """
        codes, steps, errors = _compress(questions)
        sums = np.asarray(numkong.cdist(codes, self._codes, metric="dot")).reshape(len(questions), len(lengths))
        products = sums.astype(np.float32) * self._steps
        products *= steps[:, None]
        read = np.linalg.norm(codes * steps[:, None], axis=1)
        return products, errors[:, None] * lengths + read[:, None] * self._errors

    def cosine_error(self, direction: Matrix) -> float:
        """The most by which a cosine with any row may be off."""
        codes, steps, errors = _compress(direction[None])
        return float(errors[0] + np.linalg.norm(codes * steps[:, None]) * self._worst)


def _compress(rows: Matrix) -> tuple[npt.NDArray[np.int8], Matrix, Matrix]:
    """Codes, the step that a code's 1 stands for, and the distance between a row and what its codes stand for."""
    steps = np.maximum(np.abs(rows).max(axis=1), 1e-30) / np.float32(127)
    codes = np.rint(rows / steps[:, None])
    return codes.astype(np.int8), steps, np.linalg.norm(rows - codes * steps[:, None], axis=1)


def _in_parts(rows: Matrix, measure: Callable[[Matrix], Matrix]) -> Matrix:
    parts = [measure(rows[start : start + _AT_ONCE]) for start in range(0, len(rows), _AT_ONCE)]
    return np.concatenate(parts).astype(np.float32, copy=False)
