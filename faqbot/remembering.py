"""Remembering what was worked out, within so many bytes: what strangers ask decides neither how much nor how long."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")
_P = ParamSpec("_P")

# What a place in the table costs beside what stands in it: CPython's node, key, tuple and number.
_PLACE_BYTES = 300


class Remembered(Generic[_K, _V]):
    """The values that were used last, as many as fit. Safe to share among threads."""

    def __init__(self, most_bytes: int) -> None:
        """Remember nothing yet, and never more than so many bytes."""
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[_K, tuple[_V, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """What is remembered now, as it was weighed."""
        return self._bytes

    def __len__(self) -> int:
        """How many values are remembered."""
        return len(self._kept)

    def find(self, key: _K) -> tuple[_V] | None:
        """A remembered value, alone in a tuple; None where there is none."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return (found[0],)

    def keep(self, key: _K, value: _V, size: int) -> None:
        """Remember a value, and forget those that were used longest ago until all fit.

        Args:
            key: What it is asked for by.
            value: Not changed any more.
            size: Bytes of key and value; one that alone exceeds the bound is not remembered.
        """
        size += _PLACE_BYTES
        with self._lock:
            self._bytes -= self._kept.pop(key, (None, 0))[1]
            if size > self._most:
                return
            self._kept[key] = value, size
            self._bytes += size
            while self._bytes > self._most:
                self._bytes -= self._kept.popitem(last=False)[1][1]


def remembering(most_bytes: int, size_of: Callable[..., int]) -> Callable[[Callable[_P, _V]], Callable[_P, _V]]:
    """Make a function remember its last values. Its arguments are hashable, and errors are not remembered.

    Args:
        most_bytes: What arguments and values may take together.
        size_of: Bytes of one value with its arguments, from the value and the arguments.
    """

    def decorate(function: Callable[_P, _V]) -> Callable[_P, _V]:
        remembered: Remembered[Hashable, _V] = Remembered(most_bytes)

        @wraps(function)
        def recalling(*args: _P.args, **kwargs: _P.kwargs) -> _V:
            key = (args, tuple(kwargs.items()))
            found = remembered.find(key)
            if found is not None:
                return found[0]
            value = function(*args, **kwargs)
            remembered.keep(key, value, size_of(value, *args, **kwargs))
            return value

        return recalling

    return decorate


def text_bytes(text: str) -> int:
    """What a text takes at most."""
    return 80 + 4 * len(text)
