"""The usual way to answer from an FAQ with BGE-M3: Flask, FlagEmbedding's `encode()`, the best cosine.

What most tutorials end with; `benchmarks.serve` runs it under the same gunicorn settings as faqbot.
Environment: `CHECKPOINT`, `POOLING`, `INSTRUCTION`, and `ENTRIES`, a JSON lines file with `question` and `answer`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from FlagEmbedding import BGEM3FlagModel
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)
model = BGEM3FlagModel(
    os.environ["CHECKPOINT"],
    pooling_method=os.environ["POOLING"],
    query_instruction_for_retrieval=os.environ["INSTRUCTION"],
    use_fp16=False,
    devices="cpu",
)
entries = [json.loads(line) for line in Path(os.environ["ENTRIES"]).read_text(encoding="utf-8").splitlines()]
vectors = model.encode_queries([entry["question"] for entry in entries])["dense_vecs"]


@app.post("/api/v1/ask")
def ask() -> ResponseReturnValue:
    """Answer with the entry whose question has the best cosine."""
    scores = vectors @ model.encode_queries([request.get_json()["question"]], max_length=256)["dense_vecs"][0]
    best = int(scores.argmax())
    return jsonify(answer=entries[best]["answer"], question=entries[best]["question"], score=float(scores[best]))


@app.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say that questions can be answered."""
    return jsonify(status="ready")
