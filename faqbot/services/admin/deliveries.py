"""Doing the work for a message once, however often it is delivered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from faqbot.errors import DeliveryConflict
from faqbot.storage import Deliveries


class DeliveryService:
    """Remembers messages by the ids that outside programs give them, across threads, processes and restarts."""

    def __init__(self, deliveries: Deliveries) -> None:
        """Bind what is remembered."""
        self._deliveries = deliveries

    def claim(self, channel: str, delivery_id: str) -> bool:
        """Take a message on whose reply nobody waits for; False where it was taken on before.

        Whoever gets True has to `finish` or `release` it.
        """
        return self._deliveries.claim(channel, delivery_id) is None

    def finish(self, channel: str, delivery_id: str) -> None:
        """Say that a claimed message is done with."""
        self._deliveries.finish(channel, delivery_id)

    def release(self, channel: str, delivery_id: str) -> None:
        """Give a claimed message back, so that it may come again."""
        self._deliveries.release(channel, delivery_id)

    def once(self, channel: str, delivery_id: str, content: bytes, work: Callable[[], str]) -> tuple[str, bool]:
        """Get the reply to a message: worked out the first time, remembered after that.

        Args:
            channel: Through which it came.
            delivery_id: The sender's own id of the message.
            content: What was sent; the same id with other content is a mistake of the sender.
            work: Makes the reply. Where it fails the message may come again.

        Returns:
            The reply, and whether it was remembered.

        Raises:
            DeliveryConflict: The id came with other content before, or its reply is being worked out right now.
        """
        fingerprint = hashlib.sha256(content).hexdigest()
        known = self._deliveries.claim(channel, delivery_id, fingerprint)
        if known is None:
            try:
                reply = work()
            except BaseException:
                self._deliveries.release(channel, delivery_id)
                raise
            self._deliveries.finish(channel, delivery_id, reply)
            return reply, False
        if known.fingerprint != fingerprint:
            raise DeliveryConflict("This message id came before with other content; give every message its own id.")
        if known.reply is None:
            raise DeliveryConflict("This message is being answered right now; ask again in a second.")
        return known.reply, True
