"""Webhooks whose reply is sent later: taken on once, acknowledged at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from faqbot.errors import TooManyRequests
from faqbot.language import _
from faqbot.services.values.origin import Origin
from faqbot.web.current import outbox, services
from faqbot.web.middleware.limits import session_allows

Status = Literal["accepted", "duplicate", "limited"]


def take_on(origin: Origin, delivery_id: str, job: Callable[[], None]) -> Status:
    """Have a message answered after this request, once per delivery.

    Args:
        origin: The door and the conversation.
        delivery_id: The vendor's own id of the message.
        job: Answers it.

    Returns:
        `duplicate` where it was taken on before, `limited` where the conversation goes too fast to be answered.

    Raises:
        TooManyRequests: Too many jobs are waiting; the sender may try again.
    """
    deliveries, channel = services().deliveries, origin.channel
    if deliveries.claim(channel, delivery_id) is not None:
        return "duplicate"
    if not session_allows(origin):
        deliveries.finish(channel, delivery_id)
        return "limited"

    def work() -> None:
        try:
            job()
        finally:
            # Also after a failure: a part of the reply may have been sent already.
            deliveries.finish(channel, delivery_id)

    if not outbox().accept(f"Reply to {channel} {delivery_id}", work):
        deliveries.release(channel, delivery_id)
        raise TooManyRequests(_("Too many replies are waiting to be sent; send this again in a few seconds."))
    return "accepted"
