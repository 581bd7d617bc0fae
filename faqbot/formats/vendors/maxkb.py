"""MaxKB's documents of question-and-answer segments: 分段标题, 分段内容, 问题; one sheet per document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from faqbot.formats.rows.losses import Losses
from faqbot.formats.rows.rows import Row
from faqbot.formats.vendors.dialect import Record, TableDialect
from faqbot.language import _

_CONTENT = ("分段内容", "分段內容")
_TITLE = ("分段标题", "分段標題")
_QUESTIONS = ("问题", "問題")


def _read(records: Sequence[Record], losses: Losses) -> Iterator[Row]:
    for record in records:
        title, content, cell = (_cell(record, names) for names in (_TITLE, _CONTENT, _QUESTIONS))
        questions = [line.strip() for line in cell.split("\n") if line.strip()]
        if not questions and not title:
            losses.add(_("text segments"), _("without a question and a title nothing can match them"))
            continue
        # A segment without questions is found by its title; beside questions the title names the chapter.
        yield Row(
            record.line,
            {
                "question": questions[0] if questions else title,
                "similar": questions[1:],
                "answer": content,
                "category": title if questions else "",
            },
        )


def _cell(record: Record, names: Sequence[str]) -> str:
    """The headings carry explanations in brackets."""
    return next((record.text(heading) for heading in record.values if heading.startswith(tuple(names))), "")


def _is_table(headings: Sequence[str]) -> bool:
    return any(heading.startswith(_CONTENT) for heading in headings)


TABLES = (TableDialect("MaxKB", _is_table, _read),)
