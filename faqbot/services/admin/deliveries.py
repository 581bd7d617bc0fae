"""Doing the work for a message once, however often it is delivered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from faqbot.errors import DeliveryConflict
from faqbot.language import _
from faqbot.storage import Deliveries


def once(
    deliveries: Deliveries, channel: str, delivery_id: str, content: bytes, work: Callable[[], str]
) -> tuple[str, bool]:
    """Get the reply to a message: worked out the first time, remembered after that.

    Args:
        deliveries: Remembers messages across threads, processes and restarts.
        channel: Through which it came.
        delivery_id: The sender's own id of the message.
        content: What was sent; the same id with other content is a mistake of the sender.
        work: Makes the reply. Where it fails, the sender may deliver the message again.

    Returns:
        The reply, and whether it was remembered.

    Raises:
        DeliveryConflict: The id came with other content before, or its reply is being worked out right now.
    """
    fingerprint = hashlib.sha256(content).hexdigest()
    known = deliveries.claim(channel, delivery_id, fingerprint)
    if known is None:
        try:
            reply = work()
        except BaseException:
            deliveries.release(channel, delivery_id)
            raise
        deliveries.finish(channel, delivery_id, reply)
        return reply, False
    if known.fingerprint != fingerprint:
        raise DeliveryConflict(_("This message id came before with other content; give every message its own id."))
    if known.reply is None:
        raise DeliveryConflict(_("This message is being answered right now; try again in a second."))
    return known.reply, True
