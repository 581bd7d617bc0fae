"""Dify's annotations: as the lines of chat messages it exports, and as its API lists them.

Its csv export has the headings `Question` and `Answer` (问题, 答案), which are ours too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from faqbot.formats.rows.losses import Losses
from faqbot.formats.rows.rows import Row, RowError
from faqbot.formats.vendors.dialect import JsonDialect, Record, listed, plain
from faqbot.language import _


def _from_messages(records: Sequence[Record], _whole: object, losses: Losses) -> Iterator[Row | RowError]:
    for record in records:
        said: dict[str, list[str]] = {}
        for message in listed(record.values.get("messages")):
            if isinstance(message, Mapping):
                said.setdefault(plain(message.get("role")), []).append(plain(message.get("content")))
        losses.add(_("system messages"), _("they steer a language model"), sum(map(bool, said.get("system", []))))
        asked, answered = said.get("user", []), said.get("assistant", [])
        if len(asked) != 1 or len(answered) != 1:
            yield RowError(
                record.line, "messages", _("The conversation is not one question and one answer; leave it out.")
            )
            continue
        yield Row(record.line, {"question": asked[0], "answer": answered[0]})


def _from_list(records: Sequence[Record], _whole: object, losses: Losses) -> Iterator[Row]:
    for record in records:
        losses.add("hit_count", count=int(record.text("hit_count") not in ("", "0")))
        yield Row(record.line, {name: record.values.get(name) for name in ("question", "answer")})


JSONS = (
    JsonDialect("Dify", (), lambda names: "messages" in names, _from_messages),
    JsonDialect("Dify", ("data",), lambda names: {"question", "answer", "hit_count"} <= names, _from_list),
)
