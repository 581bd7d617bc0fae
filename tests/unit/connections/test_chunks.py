from __future__ import annotations

import pytest

from faqbot.connections.chunks import ChunkDecoder
from faqbot.connections.refusals import MALFORMED_BODY, Refused


def decoded(wire: bytes, step: int) -> tuple[bytes, bytes | None]:
    """A body that comes in pieces of so many bytes, and what stands behind it; None: it has not ended."""
    body, buffer = bytearray(), bytearray()
    decoder = ChunkDecoder(body.extend)
    for place in range(0, len(wire), step):
        buffer += wire[place : place + step]
        if decoder.feed(buffer):
            return bytes(body), bytes(buffer) + wire[place + step :]
    return bytes(body), None


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_a_body_is_the_same_however_it_is_cut(step: int) -> None:
    wire = b'5\r\nhello\r\n00A ;a="b";c\r\n0123\r\n6789\r\n0;x\r\nTrailer: y\r\nOther: z\r\n\r\nGET /next'
    assert decoded(wire, step) == (b"hello0123\r\n6789", b"GET /next")


def test_a_body_whose_last_line_is_missing_has_not_ended() -> None:
    assert decoded(b"1\r\na\r\n0\r\n", 100) == (b"a", None)


@pytest.mark.parametrize(
    "wire",
    [
        b"0x2\r\n{}\r\n",
        b"-2\r\n{}\r\n",
        b" 2\r\n{}\r\n",
        b"+2\r\n{}\r\n",
        b"2_0\r\n{}\r\n",
        b"\r\n{}\r\n",
        b"2\n{}\r\n",
        b"2\r\n{}xx\r\n",
        b"2\r\n{}\n",
        b"1" * 17 + b"\r\n",
        b"2;" + b"a" * 300,
        b"2\ra\r\n",
        b"0\r\n" + b"X: y\r\n" * 3000,
        b"1\r\na\r\n" * 5000,
    ],
)
@pytest.mark.parametrize("step", [1, 100_000])
def test_what_is_malformed_or_keeps_the_loop_busy_is_refused(wire: bytes, step: int) -> None:
    with pytest.raises(Refused) as refused:
        decoded(wire, step)
    assert refused.value.refusal is MALFORMED_BODY
