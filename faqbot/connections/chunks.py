"""A chunked body (RFC 9112, section 7.1), taken in as it comes."""

from __future__ import annotations

import re
from collections.abc import Callable

from faqbot.connections.refusals import MALFORMED_BODY, Refused

# The size of a chunk; what may stand behind it means nothing to anybody here. 16 digits are 64 bits.
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:[ \t]*;[^\r\n]*)?")
_LONGEST_LINE = 256
_LONGEST_TRAILERS = 8 * 1024
# Nobody may keep the loop busy with chunks of a byte each; so many are fine whatever their size.
_FREE_CHUNKS = 4096
_SMALLEST_CHUNK = 64


class ChunkDecoder:
    """Takes a chunked body apart."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        """Start before the first chunk.

        Args:
            write: Takes the body's bytes.
        """
        self._write = write
        self._left = 0
        self._at_end_of_chunk = self._in_trailers = False
        self._chunks = self._bytes = self._trailers = 0

    def feed(self, buffer: bytearray) -> bool:
        """Take away from the front of the buffer what can be understood; whether the body has ended.

        Raises:
            Refused: It is not as HTTP wants it.
        """
        while True:
            if self._left and not self._take_data(buffer):
                return False
            line = self._take_line(buffer)
            if line is None:
                return False
            if self._at_end_of_chunk:
                if line:
                    raise Refused(MALFORMED_BODY)
                self._at_end_of_chunk = False
            elif not self._in_trailers:
                self._begin_chunk(line)
            elif not line:
                return True
            else:
                self._trailers += len(line)
                if self._trailers > _LONGEST_TRAILERS:
                    raise Refused(MALFORMED_BODY)

    def _take_data(self, buffer: bytearray) -> bool:
        part = bytes(buffer[: self._left])
        del buffer[: len(part)]
        self._write(part)
        self._left -= len(part)
        self._bytes += len(part)
        self._at_end_of_chunk = not self._left
        return self._at_end_of_chunk

    def _take_line(self, buffer: bytearray) -> bytes | None:
        longest = 2 if self._at_end_of_chunk else _LONGEST_LINE
        end = buffer.find(b"\n", 0, longest)
        if end < 0:
            if len(buffer) >= longest:
                raise Refused(MALFORMED_BODY)
            return None
        if buffer[end - 1 : end] != b"\r":
            raise Refused(MALFORMED_BODY)
        line = bytes(buffer[: end - 1])
        del buffer[: end + 1]
        return line

    def _begin_chunk(self, line: bytes) -> None:
        found = _SIZE.fullmatch(line)
        self._chunks += 1
        if found is None or (self._chunks > _FREE_CHUNKS and self._bytes < self._chunks * _SMALLEST_CHUNK):
            raise Refused(MALFORMED_BODY)
        self._left = int(found[1], 16)
        self._in_trailers = not self._left
