"""Valid bytes that something happened to, and what every parser owes for them."""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from faqbot.errors import FaqbotError
from faqbot.language import shown

_Read = TypeVar("_Read")

EXAMPLES = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
"""As many as a test run has time for, or as the environment says; always the same ones first."""

# What parsers are known to trip over, put anywhere.
TOKENS = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b[31m", b"\r", b"\n\n", b"\t", b'"', b"'", b"\\",
    b"\\u0000", b"\\ud800", b"[" * 3000, b'{"a":' * 3000, b"- " * 3000, b"9" * 5000, b"a" * 50_000, b"1e999", b"-0",
    b"NaN", b"null", b"true", b"[]", b"{}", b'""', b"24-99-99", b"!!python/object:os.system", b"!!int x", b"!!float x",
    b"!!timestamp 2024-99-99", b"&a [*a]", b"*a", b"? [a]: b", b"<!DOCTYPE x [<!ENTITY e 'e'>]>", b"&e;", b"&#0;",
    b"<![CDATA[", b"<a>", b"##", b",,,,", b"=cmd|' /C calc'!A0", "\u202e".encode(), "\ufeff".encode(),
    "Z\u0351\u036b".encode() * 50, "\U0010ffff".encode(), "中".encode("gb18030"),
)  # fmt: skip

_SECONDS = 20
_BYTES = 400_000_000


@st.composite
def mutated(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds after a few accidents: bytes lost, doubled, changed, moved, or put between."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 2, 8, 64, 100_000])))
        put = draw(st.sampled_from(TOKENS) | st.binary(max_size=6) | st.just(data[start:end] * 2))
        data = data[:start] + put + data[end:]
    return data


@st.composite
def mutated_zips(draw: st.DrawFn, seed: bytes) -> bytes:
    """A zip file of which one member had accidents, is missing, or comes twice."""
    with zipfile.ZipFile(io.BytesIO(seed)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    place = draw(st.integers(0, len(members) - 1))
    name, content = members[place]
    kind = draw(st.sampled_from(["change", "change", "change", "lose", "empty"]))
    if kind == "lose":
        del members[place]
    else:
        members[place] = (name, draw(mutated([content])) if kind == "change" else b"")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return written.getvalue()


def outcome(call: Callable[[], _Read]) -> _Read | None:
    """What a parser gives, or None where it refuses as it owes: with an error of ours whose sentence can be shown."""
    try:
        with _bounded():
            return call()
    except FaqbotError as error:
        sentence = str(error)
        assert sentence.endswith((".", "。")), sentence
        assert shown(sentence) == sentence
        assert len(sentence) < 2000
        json.dumps([sentence, error.details], ensure_ascii=False).encode()
        return None


@contextmanager
def _bounded() -> Iterator[None]:
    """No parser hangs or eats the memory over a few kilobytes, however busy the machine is."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"not done after {_SECONDS} seconds")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, kept)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < _BYTES, f"{grown} kB more memory"
