"""The audit log as a chain: each line holds a checksum of itself and of the line before it.

So no line can be changed, put in, or taken out of the middle without all that follow being made anew; and nobody can
make them so that they lead to a head that was noted elsewhere. The oldest lines may be forgotten: what remains is
checked from the checksum of the last that is gone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from faqbot.errors import InvalidRequest
from faqbot.language import Text, _
from faqbot.storage.records import AuditVerification
from faqbot.storage.tables import AuditChainTable, AuditTable

_A, _C = AuditTable, AuditChainTable
_COLUMNS = (_A.at, _A.actor, _A.action, _A.subject, _A.reason, _A.before, _A.after)
_AT_ONCE = 1000
_DIGEST_LETTERS = 64

START = "0" * _DIGEST_LETTERS
"""Stands for the checksum of the line before the first of all."""


def digest_of(previous: str, line: Sequence[object]) -> str:
    """The checksum of a line: SHA-256, hexadecimal, of a JSON array in ASCII, without spaces, names sorted.

    Args:
        previous: The checksum of the line before, the array's first value; `START` for the first of all.
        line: Its other values: number, at, actor, action, subject, reason, before, after.
    """
    text = json.dumps([previous, *line], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def append(session: Session, rows: list[dict[str, Any]], keep: int) -> None:
    """Add lines to the chain, and forget the oldest beyond the bound.

    Whoever adds others at the same time waits until this transaction ends; so it is the last thing that one does.

    Args:
        session: In a writing transaction.
        rows: The columns of each line but `id` and `digest`, which are filled in.
        keep: How many of the last lines are kept; 1 or more.
    """
    number, digest = session.execute(select(_C.number, _C.digest).with_for_update()).one()
    for row in rows:
        number += 1
        digest = digest_of(digest, [number, *(row[column.key] for column in _COLUMNS)])
        row |= {"id": number, "digest": digest}
    session.execute(insert(AuditTable), rows)
    session.execute(update(AuditChainTable).values(number=number, digest=digest))
    oldest = select(_A.id, _A.digest).where(_A.id <= number - keep).order_by(_A.id.desc()).limit(1)
    forgotten = session.execute(oldest).one_or_none()
    if forgotten is not None:
        session.execute(delete(AuditTable).where(_A.id <= forgotten.id))
        session.execute(update(AuditChainTable).values(forgotten=forgotten.id, forgotten_digest=forgotten.digest))


def head(session: Session) -> str:
    """Number and checksum of the last line, such as `812:9f2c...`: what to note elsewhere."""
    number, digest = session.execute(select(_C.number, _C.digest)).one()
    return f"{number}:{digest}"


def verify(session: Session, noted: str | None = None) -> AuditVerification:
    """Check every line that is kept.

    Args:
        session: In a reading transaction.
        noted: A head that was noted elsewhere: that line has to be there still.

    Raises:
        InvalidRequest: What was noted is no head.
    """
    noted_number, noted_digest = _parsed(noted) if noted else (0, "")
    chain = session.execute(select(_C.number, _C.digest, _C.forgotten, _C.forgotten_digest)).one()
    number, digest, lines = chain.forgotten, chain.forgotten_digest, 0
    there = digest if number == noted_number else ""

    def result(problem: Text | None, broken: int | None = None) -> AuditVerification:
        told = f"{chain.number}:{chain.digest}"
        return AuditVerification(problem is None, lines, chain.forgotten + 1, told, broken, problem or "")

    kept = select(_A.id, *_COLUMNS, _A.digest).order_by(_A.id).execution_options(yield_per=_AT_ONCE)
    with session.execute(kept) as rows:
        for row in rows:
            if digest_of(digest, row[:-1]) != row.digest:
                sentence = _("Line {number} is not as it was written, or lines before it are missing.", number=row.id)
                return result(sentence, row.id)
            number, digest, lines = row.id, row.digest, lines + 1
            if number == noted_number:
                there = digest
    if (number, digest) != (chain.number, chain.digest):
        return result(_("The lines behind line {number} are missing.", number=number), number + 1)
    if not noted or there == noted_digest:
        return result(None)
    if noted_number > number:
        sentence = _(
            "Line {noted}, which was noted, is missing: the log ends with line {number}.",
            noted=noted_number,
            number=number,
        )
        return result(sentence, number + 1)
    if noted_number < chain.forgotten:
        return result(
            _(
                "Line {noted}, which was noted, is not kept any more: note the head more often.",
                noted=noted_number,
            )
        )
    return result(
        _("Line {noted} is another than was noted: the log was written anew.", noted=noted_number), noted_number
    )


def _parsed(noted: str) -> tuple[int, str]:
    number, _colon, digest = noted.strip().partition(":")
    # As many digits as a number of a line can have.
    if not (number.isascii() and number.isdigit() and len(number) <= 10 and len(digest) == _DIGEST_LETTERS):
        raise InvalidRequest(_("`head` is '{text}'; write it as it was shown, NUMBER:CHECKSUM.", text=noted[:80]))
    return int(number), digest.lower()
