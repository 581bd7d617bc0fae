"""Other programs' exports, one file each, recognised by what they hold."""

from __future__ import annotations

from faqbot.formats.vendors import dify, fastgpt, maxkb, qna_maker, qnabot, weixin
from faqbot.formats.vendors.dialect import JsonDialect, TableDialect

TABLE_DIALECTS: tuple[TableDialect, ...] = (
    *qna_maker.TABLES,
    *qnabot.TABLES,
    *weixin.TABLES,
    *fastgpt.TABLES,
    *maxkb.TABLES,
)
JSON_DIALECTS: tuple[JsonDialect, ...] = (*qna_maker.JSONS, *qnabot.JSONS, *weixin.JSONS, *dify.JSONS)
