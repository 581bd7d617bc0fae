"""Our own JSON: what the API and the command line print for each value of the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from faqbot.knowledge import Entry, to_record
from faqbot.matching.search.scoring import Scores
from faqbot.passages import Passage
from faqbot.services.values.replies import (
    ROW_VERDICTS,
    ImportReport,
    LookupRow,
    Reply,
    RowVerdict,
    Similarity,
    VersionInfo,
)

Json = dict[str, object]


def reply_json(reply: Reply, request_id: str) -> Json:
    """The answer to one question; `passage` is there only where one matched, `explanation` when it was asked for."""
    decision = reply.decision
    body: Json = {
        "verdict": reply.verdict,
        "answer": reply.answer,
        "entry_id": reply.entry_id,
        "question": reply.question,
        "confidence": reply.confidence,
        "score": reply.score,
        "scores": _scores_json(reply.scores),
        "suggestions": [
            {
                "entry_id": suggestion.entry_id,
                "question": suggestion.question,
                "confidence": suggestion.confidence,
                **_passage_json(suggestion.passage),
            }
            for suggestion in reply.suggestions
        ],
        "decision": {
            "reason": decision.reason,
            "answer_threshold": decision.answer_threshold,
            "suggest_threshold": decision.suggest_threshold,
            "version": decision.version,
            "model": decision.model,
            "excluded": [{"entry_id": one.entry_id, "reason": one.reason} for one in decision.excluded],
        },
        "prompts": [{"entry_id": one.entry_id, "question": one.question} for one in reply.prompts],
        "attachments": list(reply.attachments),
        "related": [
            {"entry_id": one.entry_id, "question": one.question, "similarity": one.similarity} for one in reply.related
        ],
        **_passage_json(reply.passage),
        "handoff": asdict(reply.handoff) if reply.handoff else None,
        "request_id": request_id,
    }
    return body if reply.explanation is None else {**body, "explanation": reply.explanation}


def lookup_json(question: str, rows: Sequence[LookupRow], request_id: str) -> Json:
    """Ranked entries for a support agent, best first."""
    results = [
        {
            "entry_id": row.entry_id,
            "question": row.question,
            "answer": row.answer,
            "category": row.category,
            "confidence": row.confidence,
            "score": row.score,
            "scores": _scores_json(row.scores),
            "matched_wording": row.matched_wording,
            **_passage_json(row.passage),
        }
        for row in rows
    ]
    return {"query": question, "results": results, "request_id": request_id}


def similarity_json(similarity: Similarity, model: str) -> Json:
    """Two texts compared: each mode 0..1, the model's own numbers under `raw`, and which model it was."""
    return {
        "dense": similarity.dense,
        "sparse": similarity.sparse,
        "colbert": similarity.colbert,
        "hybrid": similarity.hybrid,
        "raw": dict(similarity.raw),
        "model": model,
    }


def entry_json(entry: Entry, revision: int | None = None) -> Json:
    """An entry under the column names of knowledge-base files, so that what is exported can be posted back."""
    body = to_record(entry)
    return body if revision is None else {**body, "revision": revision}


def report_json(report: ImportReport) -> Json:
    """What became of a file: counts, then one object per row."""
    return {
        "file": report.file,
        "encoding": report.encoding,
        "origin": report.origin,
        "applied": report.applied,
        "counts": {verdict: report.count(verdict) for verdict in ROW_VERDICTS},
        "removed": report.removed,
        "losses": [asdict(loss) for loss in report.losses],
        "rows": [row_json(row) for row in report.rows],
    }


def row_json(row: RowVerdict) -> Json:
    """One row of a report; `column` and `message` say what is at fault or what changes, and may be empty."""
    return {
        "line": row.line,
        "entry_id": row.entry_id,
        "verdict": row.verdict,
        "column": row.column,
        "message": row.message,
    }


def version_json(version: VersionInfo) -> Json:
    """One published version."""
    return asdict(version)


def _scores_json(scores: Scores) -> Json:
    return {"dense": scores.dense, "sparse": scores.sparse, "colbert": scores.colbert}


def _passage_json(passage: Passage | None) -> Json:
    """`passage`, the part of a long answer that matched and its place in it; nothing where the questions matched."""
    if passage is None:
        return {}
    return {"passage": {name: getattr(passage, name) for name in ("text", "start", "end", "number", "of", "heading")}}
