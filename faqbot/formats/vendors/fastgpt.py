"""FastGPT's knowledge base as csv or xlsx: `q,a,indexes`, or `q,a,index,metadata`, with further index cells behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from faqbot.formats.rows.columns import MAX_QUESTION
from faqbot.formats.rows.losses import Losses
from faqbot.formats.rows.rows import Row
from faqbot.formats.vendors.dialect import Record, TableDialect, listed, plain
from faqbot.knowledge import match_key
from faqbot.language import _

_NUMBER = re.compile(r"^\s*\d+[.、)）]\s*")
_COPIES = _("it repeats the question or the answer, or is too long for a question")
_CHUNKS = _("a passage without an answer is no question")
# A text without an answer that is longer than this, or has lines, is a passage of a document.
_LONGEST_QUESTION = 200


def _read(records: Sequence[Record], losses: Losses) -> Iterator[Row]:
    for record in records:
        question, answer = record.text("q"), record.text("a")
        if not answer and (len(question) > _LONGEST_QUESTION or "\n" in question):
            losses.add(_("passages"), _CHUNKS)
            continue
        losses.add("metadata", count=int(record.text("metadata") not in ("", "{}")))
        cells = [record.values.get("indexes"), record.values.get("index"), *record.unnamed]
        similar = []
        for wording in (wording for cell in cells for wording in _wordings(cell)):
            if _is_new(wording, question, answer):
                similar.append(wording)
            else:
                losses.add("indexes", _COPIES)
        yield Row(record.line, {"question": question, "answer": answer, "similar": similar})


def _wordings(cell: object) -> list[str]:
    """An index may be a list of questions, one per line and numbered."""
    texts = [plain(item) for item in listed(cell)] or plain(cell).split("\n")
    return [wording for text in texts if (wording := _NUMBER.sub("", text).strip())]


def _is_new(wording: str, question: str, answer: str) -> bool:
    key = match_key(wording)
    return (
        len(wording) <= MAX_QUESTION
        and key != match_key(question)
        # The default index of a pair is the question followed by the answer.
        and not (answer and match_key(answer)[:40] in key)
    )


def _is_table(headings: Sequence[str]) -> bool:
    return list(headings[:2]) == ["q", "a"] and bool({"index", "indexes", "metadata"} & set(headings))


TABLES = (TableDialect("FastGPT", _is_table, _read),)
