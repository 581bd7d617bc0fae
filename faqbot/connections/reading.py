"""The bytes of one connection to whole requests, one after the other."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

from gunicorn.config import Config
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from faqbot.connections.chunks import ChunkDecoder
from faqbot.connections.refusals import LONG_HEAD, MALFORMED, OVERLOADED, TOO_LARGE, Refused, refusal_of
from faqbot.connections.spool import Space, Spool

_LONGEST_HEAD = 16 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")


class Phase(Enum):
    """What a connection is waiting for."""

    IDLE = "the first byte of a request"
    HEAD = "the end of its headers"
    BODY = "the end of its body"


class RequestReader:
    """Reads the requests of one connection.

    Attributes:
        phase: What has to come next.
        request: The request whose headers are there and whose body is not yet.
        spool: Its body; whoever takes the request closes it.
    """

    def __init__(self, cfg: Config, client: tuple[str, int] | str, longest_body: int, space: Space) -> None:
        """Start before the first request.

        Args:
            cfg: gunicorn's settings.
            client: The other end's address.
            longest_body: In bytes.
            space: Where bodies wait that are too large for memory.
        """
        self._cfg, self._client, self._longest_body, self._space = cfg, client, longest_body, space
        self._buffer, self._searched = bytearray(), 0
        self._count = self._left = 0
        self._chunks: ChunkDecoder | None = None
        self.phase = Phase.IDLE
        self.request: Any = None
        self.spool: Spool | None = None

    def feed(self, data: bytes) -> None:
        """Take what came in."""
        self._buffer += data

    def begins_with(self, method: bytes) -> bool:
        """Whether these are the first bytes of the next request, as far as nobody has looked at it yet."""
        return self._buffer.startswith(method)

    def next_request(self) -> Any:  # noqa: ANN401 - gunicorn has no types
        """A whole request as gunicorn knows it, with its body ready to be read; None: more has to come.

        Raises:
            Refused: It is malformed, or larger than what is taken.
        """
        if self.phase is not Phase.BODY:
            head = self._take_head()
            if head is None:
                return None
            self._begin_body(head)
        try:
            if not self._take_body():
                return None
        except OSError:
            raise Refused(OVERLOADED) from None
        request, self.request = self.request, None
        self.phase = Phase.HEAD if self._buffer else Phase.IDLE
        if self.spool:
            self.spool.file.seek(0)
            request.body = self.spool.file
        return request

    def take_expectation(self) -> bool:
        """Whether the client waits to be told to send the body; true once."""
        waits = self.phase is Phase.BODY and self.request._expected_100_continue
        if waits:
            self.request._expected_100_continue = False
        return bool(waits)

    def body_bytes(self) -> int:
        """How much of the body has come."""
        return self.spool.size if self.spool else 0

    def close(self) -> None:
        """Forget the body."""
        if self.spool:
            self.spool.close()
            self.spool = None

    def _take_head(self) -> bytes | None:
        buffer = self._buffer
        if not buffer:
            return None
        self.phase = Phase.HEAD
        end = buffer.find(_END_OF_HEAD, max(0, self._searched - 3))
        self._searched = len(buffer)
        if end > _LONGEST_HEAD or (end < 0 and len(buffer) > _LONGEST_HEAD):
            raise Refused(LONG_HEAD)
        if end < 0:
            # Such a head would never end.
            if _BARE_LINE_FEED.search(buffer):
                raise Refused(MALFORMED)
            return None
        head = bytes(buffer[: end + 4])
        del buffer[: end + 4]
        self._searched = 0
        return head

    def _begin_body(self, head: bytes) -> None:
        self._count += 1
        try:
            request = Request(self._cfg, IterUnreader([head]), self._client, self._count)
        except (ParseException, NoMoreData, StopIteration) as error:
            raise Refused(refusal_of(error)) from None
        reader = request.body.reader
        is_chunked = isinstance(reader, ChunkedReader)
        self._left = reader.length if isinstance(reader, LengthReader) else 0
        if self._left > self._longest_body:
            raise Refused(TOO_LARGE)
        # A body that nobody announced has no bytes, and gunicorn's reader of it says so without waiting.
        self.spool = Spool(self._space) if is_chunked or self._left else None
        self._chunks = ChunkDecoder(self._write) if is_chunked else None
        self.request, self.phase = request, Phase.BODY

    def _take_body(self) -> bool:
        if self._chunks:
            return self._chunks.feed(self._buffer)
        if self._left and self._buffer:
            part = bytes(self._buffer[: self._left])
            del self._buffer[: len(part)]
            self._left -= len(part)
            self._write(part)
        return not self._left

    def _write(self, data: bytes) -> None:
        if self.spool is None or self.spool.size + len(data) > self._longest_body:
            raise Refused(TOO_LARGE)
        self.spool.append(data)
