"""The trained heads as files: the weights, and beside them the record of how they came about."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file

from faqbot.encoder.compact.e5_file import PACKAGE, SHA256
from training.head_losses import Heads
from training.measure_heads import MODES, Scores
from training.text_groups import TextSet

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def save_heads(heads: Heads, path: Path) -> None:
    """Write the weights in float16; the heads take the rounded ones, so that what is measured is what is shipped."""
    rounded = {name: weight.half().contiguous() for name, weight in heads.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(rounded, path)
    path.chmod(0o644)
    heads.load_state_dict({name: weight.float() for name, weight in rounded.items()})


def save_record(
    path: Path,
    *,
    recipe: DataclassInstance,
    sets: Sequence[TextSet],
    losses: Sequence[float],
    before: Mapping[str, Scores],
    after: Mapping[str, Scores],
    precision: str,
    minutes: float,
) -> None:
    """Write `<path>.json` beside the weights."""
    record = {
        "heads": {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()},
        "backbone": {"package": PACKAGE, "sha256": SHA256, "precision": precision},
        "date": datetime.now(UTC).date().isoformat(),
        "command": "python -m training.train_heads --data DIR",
        "minutes": round(minutes, 1),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "machine": platform.machine(),
        "method": "BGE-M3's contrastive loss with self-distillation (arXiv 2402.03216), backbone frozen",
        "recipe": asdict(recipe),
        "data": [
            {"set": one.name, "licence": one.licence, "entries": len(one.groups), "wordings": one.rows} for one in sets
        ],
        "loss_per_hundred_steps": list(losses),
        "hit_at_1": {name: {"before": before[name], "after": after[name]} for name in before},
    }
    path.with_suffix(".json").write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def table(before: Mapping[str, Scores], after: Mapping[str, Scores]) -> str:
    """Markdown: hit@1 in percent per set and mode, before -> after."""
    lines = [f"| set | {' | '.join(MODES)} |", "|---|---|---|---|"]
    for name, now in after.items():
        cells = [f"{100 * before[name][mode]:.1f} -> {100 * now[mode]:.1f}" for mode in MODES]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
