"""Webhooks whose reply is sent later: taken on once, acknowledged at once."""

from __future__ import annotations

from collections.abc import Callable

from faqbot.errors import TooManyRequests
from faqbot.web.current import outbox, services


def take_on(channel: str, delivery_id: str, job: Callable[[], None]) -> bool:
    """Have a job done after this request, once per delivery; False where the delivery was taken on before.

    Raises:
        TooManyRequests: Too many jobs are waiting; the sender may come again.
    """
    deliveries = services().deliveries
    if not deliveries.claim(channel, delivery_id):
        return False

    def work() -> None:
        try:
            job()
        finally:
            # Also after a failure: a part of the reply may have been sent already.
            deliveries.finish(channel, delivery_id)

    if not outbox().accept(f"Reply to {channel} {delivery_id}", work):
        deliveries.release(channel, delivery_id)
        raise TooManyRequests("Too many replies are waiting to be sent; send this again in a few seconds.")
    return True
