"""Messages of outside programs that were taken in: what keeps one that comes twice from being answered twice."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.records import Delivery
from faqbot.storage.tables import DeliveryTable

# WeChat's customer service keeps messages for three days and may hand them out again until then.
_KEPT = timedelta(days=4)
# A process that was killed leaves its claims behind; nothing that a living one does for a message takes this long.
_ABANDONED = timedelta(minutes=2)
# Characters. PostgreSQL's indexes take 2,704 bytes.
_LONGEST_KEY = 200


class Deliveries:
    """Messages that were taken in, remembered for four days."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def claim(self, channel: str, delivery_id: str, fingerprint: str = "") -> Delivery | None:
        """Take a delivery on, unless somebody else did.

        Args:
            channel: Through which it came.
            delivery_id: As the outside program names it; unique within the channel.
            fingerprint: Of its content, kept for comparison.

        Returns:
            None where it is now the caller's, who has to finish or release it; else what is known of it.
        """
        row = self._database.insert(DeliveryTable).values(
            channel=channel, delivery_id=_key(delivery_id), fingerprint=fingerprint, reply=None, received_at=now()
        )
        abandoned = (
            update(DeliveryTable)
            .where(
                *_named(channel, delivery_id),
                DeliveryTable.reply.is_(None),
                DeliveryTable.received_at < _ago(_ABANDONED),
            )
            .values(received_at=now(), fingerprint=fingerprint)
        )
        with self._database.writing() as session:
            session.execute(delete(DeliveryTable).where(DeliveryTable.received_at < _ago(_KEPT)))
            for statement in (row.on_conflict_do_nothing(), abandoned):
                if session.execute(statement.returning(DeliveryTable.channel)).first():
                    return None
            known = select(DeliveryTable.fingerprint, DeliveryTable.reply).where(*_named(channel, delivery_id))
            return Delivery(*session.execute(known).one())

    def finish(self, channel: str, delivery_id: str, reply: str = "") -> None:
        """Say that a claimed delivery was answered, and how."""
        change = update(DeliveryTable).where(*_named(channel, delivery_id)).values(reply=reply)
        with self._database.writing() as session:
            session.execute(change)

    def release(self, channel: str, delivery_id: str) -> None:
        """Give a claimed delivery back unanswered, so that it can be sent again."""
        with self._database.writing() as session:
            session.execute(delete(DeliveryTable).where(*_named(channel, delivery_id)))


def _key(delivery_id: str) -> str:
    """The id itself, or the checksum of one that is longer than an index takes."""
    if len(delivery_id) <= _LONGEST_KEY:
        return delivery_id
    return hashlib.sha256(delivery_id.encode()).hexdigest()


def _named(channel: str, delivery_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return DeliveryTable.channel == channel, DeliveryTable.delivery_id == _key(delivery_id)


def _ago(span: timedelta) -> str:
    return (datetime.now(UTC) - span).isoformat(timespec="microseconds")
